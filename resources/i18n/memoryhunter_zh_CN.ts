<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>AboutDialog</name>
    <message>
        <source>About MemoryHunter</source>
        <translation>关于 MemoryHunter</translation>
    </message>
    <message>
        <source>Version {version}</source>
        <translation>版本 {version}</translation>
    </message>
    <message>
        <source>Finds your photos by what is in them, in Chinese and English.</source>
        <translation>用中文或英文描述画面，就能找到照片。</translation>
    </message>
    <message>
        <source>Nothing leaves this computer: your photos are understood and searched here, and they are never moved, renamed or changed.</source>
        <translation>一切都在这台电脑上完成：照片的识别和搜索都在本机进行，不会上传；照片也绝不会被移动、改名或修改。</translation>
    </message>
    <message>
        <source>Free software under the GNU General Public License, version 3 or later. It comes without any warranty.</source>
        <translation>自由软件，采用 GNU 通用公共许可证第 3 版或更新版本授权，不提供任何担保。</translation>
    </message>
</context>
<context>
    <name>Actions</name>
    <message>
        <source>Add Folder…</source>
        <translation>添加文件夹…</translation>
    </message>
    <message>
        <source>Look for Changes</source>
        <translation>检查文件变化</translation>
    </message>
    <message>
        <source>Models…</source>
        <translation>模型…</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>搜索</translation>
    </message>
    <message>
        <source>Leave Search or Folder</source>
        <translation>返回</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Find Similar</source>
        <translation>查找相似照片</translation>
    </message>
    <message>
        <source>Show in Folder</source>
        <translation>在文件夹中显示</translation>
    </message>
    <message>
        <source>Copy Path</source>
        <translation>复制路径</translation>
    </message>
    <message>
        <source>Larger Thumbnails</source>
        <translation>放大缩略图</translation>
    </message>
    <message>
        <source>Smaller Thumbnails</source>
        <translation>缩小缩略图</translation>
    </message>
    <message>
        <source>Show Whole Photos</source>
        <translation>显示完整照片</translation>
    </message>
    <message>
        <source>Show Folders</source>
        <translation>显示文件夹栏</translation>
    </message>
    <message>
        <source>Files That Could Not Be Read…</source>
        <translation>无法读取的文件…</translation>
    </message>
    <message>
        <source>About MemoryHunter</source>
        <translation>关于 MemoryHunter</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>文件(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Photo</source>
        <translation>照片(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>视图(&amp;V)</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>帮助(&amp;H)</translation>
    </message>
</context>
<context>
    <name>FailuresDialog</name>
    <message>
        <source>Files that could not be read</source>
        <translation>无法读取的文件</translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation>在文件夹中显示</translation>
    </message>
    <message>
        <source>Copy list</source>
        <translation>复制列表</translation>
    </message>
    <message>
        <source>Every file was read. There is nothing to do.</source>
        <translation>所有文件都已读取，没有需要处理的问题。</translation>
    </message>
    <message numerus="yes">
        <source>%Ln file(s) could not be read and will not be found. The files themselves were not changed. What may pass, such as a lost connection, missing rights or too little memory, is tried again every 15 minutes and at every start; the others when the file changes.</source>
        <translation>
            <numerusform>有 %Ln 个文件无法读取，因此搜索不到。文件本身没有任何改动。可能只是暂时的问题（例如连接中断、没有权限或内存不足），每次启动时和每 15 分钟会自动重试；其余的会在文件有变化时重试。</numerusform>
        </translation>
    </message>
    <message>
        <source>Copy selected rows</source>
        <translation>复制所选行</translation>
    </message>
</context>
<context>
    <name>FailuresLink</name>
    <message numerus="yes">
        <source>%Ln file(s) could not be read</source>
        <translation>
            <numerusform>%Ln 个文件无法读取</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>FailuresModel</name>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>所在文件夹</translation>
    </message>
    <message>
        <source>What happened</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>Technical detail</source>
        <translation>技术细节</translation>
    </message>
</context>
<context>
    <name>FilterChips</name>
    <message>
        <source>Similar to this photo</source>
        <translation>与这张照片相似</translation>
    </message>
    <message>
        <source>Leave similar photos</source>
        <translation>退出相似照片</translation>
    </message>
    <message>
        <source>Search in all folders</source>
        <translation>在所有文件夹中搜索</translation>
    </message>
</context>
<context>
    <name>FirstRunPage</name>
    <message>
        <source>Find your photos by describing them</source>
        <translation>说出画面，找到照片</translation>
    </message>
    <message>
        <source>Choose the folders where your photos are, then type what you remember.</source>
        <translation>选择存放照片的文件夹，然后输入你还记得的画面。</translation>
    </message>
    <message>
        <source>Choose folders…</source>
        <translation>选择文件夹…</translation>
    </message>
    <message>
        <source>or drop folders here</source>
        <translation>或将文件夹拖到这里</translation>
    </message>
    <message>
        <source>Your photos are never changed, and nothing leaves this computer.</source>
        <translation>照片绝不会被改动，任何内容都不会离开这台电脑。</translation>
    </message>
    <message>
        <source>Use my {name} folder</source>
        <translation>使用我的“{name}”文件夹</translation>
    </message>
</context>
<context>
    <name>FolderList</name>
    <message>
        <source>Folders</source>
        <translation>文件夹</translation>
    </message>
    <message numerus="yes">
        <source>{name}, %Ln photo(s)</source>
        <translation>
            <numerusform>{name}，%Ln 张照片</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>FoldersPanel</name>
    <message>
        <source>Folders</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>Library</source>
        <translation>照片库</translation>
    </message>
    <message>
        <source>Add a folder</source>
        <translation>添加文件夹</translation>
    </message>
    <message>
        <source>All photos</source>
        <translation>全部照片</translation>
    </message>
    <message>
        <source>Not connected. Its photos can still be found.</source>
        <translation>未连接，其中的照片仍可搜索。</translation>
    </message>
    <message>
        <source>{name}, not connected</source>
        <translation>{name}（未连接）</translation>
    </message>
    <message>
        <source>Remove from Library…</source>
        <translation>从照片库中移除…</translation>
    </message>
    <message>
        <source>Remove “{name}” from the library?</source>
        <translation>要从照片库中移除“{name}”吗？</translation>
    </message>
    <message>
        <source>The photos on your disk are not touched. MemoryHunter only forgets this folder; you can add it again at any time.</source>
        <translation>磁盘上的照片不会受到任何影响。MemoryHunter 只是不再记住这个文件夹，你可以随时重新添加。</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
</context>
<context>
    <name>ImportButton</name>
    <message>
        <source>Import from this computer or a USB stick</source>
        <translation>从本机或 U 盘导入</translation>
    </message>
    <message>
        <source>Folder…</source>
        <translation>文件夹…</translation>
    </message>
    <message>
        <source>File (.zip or model file)…</source>
        <translation>文件（.zip 或模型文件）…</translation>
    </message>
    <message>
        <source>Choose the folder with the model</source>
        <translation>选择存放模型的文件夹</translation>
    </message>
    <message>
        <source>Choose the file of the model</source>
        <translation>选择模型文件</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>All files</source>
        <translation>所有文件</translation>
    </message>
</context>
<context>
    <name>ImportCard</name>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>OK</source>
        <translation>知道了</translation>
    </message>
    <message>
        <source>Adding “{name}”</source>
        <translation>正在添加“{name}”</translation>
    </message>
    <message>
        <source>Looking at the files…</source>
        <translation>正在查看文件…</translation>
    </message>
    <message>
        <source>Stopping…</source>
        <translation>正在停止…</translation>
    </message>
    <message>
        <source>“{name}” was not added</source>
        <translation>“{name}”没有添加</translation>
    </message>
</context>
<context>
    <name>IndexProgress</name>
    <message>
        <source>Progress</source>
        <translation>进度</translation>
    </message>
    <message>
        <source>Sorting photos…</source>
        <translation>正在整理照片…</translation>
    </message>
    <message>
        <source>Changing to {model}</source>
        <translation>正在换用 {model}</translation>
    </message>
    <message>
        <source>Changing to {model} · {counted}</source>
        <translation>正在换用 {model} · {counted}</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>{done} of {total}</source>
        <translation>{done} / {total}</translation>
    </message>
    <message numerus="yes">
        <source>Looking through folders · %Ln file(s)</source>
        <translation>
            <numerusform>正在查看文件夹 · 已查看 %Ln 个文件</numerusform>
        </translation>
    </message>
    <message>
        <source>Looking through folders…</source>
        <translation>正在查看文件夹…</translation>
    </message>
    <message>
        <source>Paused · {counted}</source>
        <translation>已暂停 · {counted}</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>Sorting {counted}</source>
        <translation>正在整理 {counted}</translation>
    </message>
    <message>
        <source>Searches still use “{old}”, until “{new}” has seen every photo.</source>
        <translation>在“{new}”看完所有照片之前，仍由“{old}”回答搜索。</translation>
    </message>
    <message>
        <source>“{new}” has seen {counted} photos. Until then “{old}” answers.</source>
        <translation>“{new}”已看过 {counted} 张照片，看完之前由“{old}”回答搜索。</translation>
    </message>
    <message>
        <source>{pace} photos/s</source>
        <translation>每秒 {pace} 张</translation>
    </message>
</context>
<context>
    <name>InstallSteps</name>
    <message>
        <source>Reading the model…</source>
        <translation>正在读取模型…</translation>
    </message>
    <message>
        <source>Preparing it for pictures…</source>
        <translation>正在准备识别图片的部分…</translation>
    </message>
    <message>
        <source>Preparing it for words…</source>
        <translation>正在准备理解文字的部分…</translation>
    </message>
    <message>
        <source>Making it fast…</source>
        <translation>正在提速…</translation>
    </message>
    <message>
        <source>Comparing it with the original…</source>
        <translation>正在与原模型比对…</translation>
    </message>
    <message>
        <source>Putting it in its place…</source>
        <translation>正在存放到位…</translation>
    </message>
    <message>
        <source>Measuring how this computer runs it best…</source>
        <translation>正在测试在这台电脑上怎样运行最快…</translation>
    </message>
</context>
<context>
    <name>InstallWords</name>
    <message>
        <source>{done} of {total}</source>
        <translation>{done} / {total}</translation>
    </message>
    <message>
        <source>no data at the moment, trying again…</source>
        <translation>暂时收不到数据，正在重试…</translation>
    </message>
    <message>
        <source>A model is being prepared</source>
        <translation>正在准备模型</translation>
    </message>
    <message>
        <source>A model is being installed</source>
        <translation>正在安装模型</translation>
    </message>
    <message>
        <source>A model is being downloaded</source>
        <translation>正在下载模型</translation>
    </message>
    <message>
        <source>A model is being downloaded · {share} %</source>
        <translation>正在下载模型 · {share}%</translation>
    </message>
    <message>
        <source>The model is installed. Your photos are being sorted with it, and can be found one after another.</source>
        <translation>模型已安装。正在用它整理照片，整理好的照片陆续可以搜到。</translation>
    </message>
    <message>
        <source>The model is installed. Searches still use the model that was chosen before.</source>
        <translation>模型已安装。搜索仍使用之前选定的模型。</translation>
    </message>
</context>
<context>
    <name>InstallationLink</name>
    <message>
        <source>Show the models</source>
        <translation>打开模型页面</translation>
    </message>
</context>
<context>
    <name>InstallationView</name>
    <message>
        <source>A model is being installed. Only one can be installed at a time.</source>
        <translation>正在安装另一个模型，一次只能安装一个。</translation>
    </message>
    <message>
        <source>Connecting…</source>
        <translation>正在连接…</translation>
    </message>
    <message>
        <source>This model is installed already.</source>
        <translation>这个模型已经安装过了。</translation>
    </message>
    <message>
        <source>What has come so far is kept; the next attempt continues from there.</source>
        <translation>已下载的部分会保留，下次从断开的地方继续。</translation>
    </message>
    <message>
        <source>You can also choose another source above, or import the model from this computer or a USB stick.</source>
        <translation>也可以在上方换一个下载来源，或者从本机、U 盘导入模型。</translation>
    </message>
    <message>
        <source>Stopped. What was downloaded is kept for next time.</source>
        <translation>已停止。已下载的部分会保留，下次接着下载。</translation>
    </message>
    <message>
        <source>Stopped.</source>
        <translation>已停止。</translation>
    </message>
</context>
<context>
    <name>Language</name>
    <message>
        <source>en</source>
        <comment>the code of this language</comment>
        <translation>zh_CN</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>MemoryHunter</source>
        <translation>MemoryHunter</translation>
    </message>
    <message>
        <source>Size of the thumbnails</source>
        <translation>缩略图大小</translation>
    </message>
</context>
<context>
    <name>Messages</name>
    <message>
        <source>The folder “{path}” is not there. If it is on an external disk or a network drive, connect it and try again.</source>
        <translation>找不到文件夹“{path}”。如果它在移动硬盘或网络驱动器上，请连接后再试。</translation>
    </message>
    <message>
        <source>“{path}” is a file. Please choose the folder it is in.</source>
        <translation>“{path}”是一个文件，请选择它所在的文件夹。</translation>
    </message>
    <message>
        <source>“{path}” is where MemoryHunter keeps its own files. Please choose a folder with your photos.</source>
        <translation>“{path}”是 MemoryHunter 存放自身数据的位置，请选择存放照片的文件夹。</translation>
    </message>
    <message>
        <source>The file “{path}” is not there any more. It may have been moved or deleted.</source>
        <translation>文件“{path}”已不存在，可能已被移动或删除。</translation>
    </message>
    <message>
        <source>The picture “{path}” cannot be used. {reason}</source>
        <translation>无法使用图片“{path}”。{reason}</translation>
    </message>
    <message>
        <source>Type a few words about the photo you are looking for.</source>
        <translation>请输入几个词，描述你要找的照片。</translation>
    </message>
    <message>
        <source>“{path}” is not a list of pictures with their descriptions.</source>
        <translation>“{path}”不是照片及其描述的列表。</translation>
    </message>
    <message>
        <source>None of the pictures can be read. The first of them is “{path}”. {reason}</source>
        <translation>所有照片都无法读取，第一张是“{path}”。{reason}</translation>
    </message>
    <message>
        <source>Searching by description needs a model, and none is installed yet. You can still browse your photos.</source>
        <translation>按描述搜索需要识别模型，目前还没有安装。你仍然可以浏览照片。</translation>
    </message>
    <message>
        <source>There is no model called “{model}”. Please choose another one.</source>
        <translation>没有名为“{model}”的模型，请选择其他模型。</translation>
    </message>
    <message>
        <source>The folder “{path}” holds no model that MemoryHunter can use. Install the model again.</source>
        <translation>文件夹“{path}”中没有 MemoryHunter 可以使用的模型，请重新安装模型。</translation>
    </message>
    <message>
        <source>“{path}” is not a complete Chinese-CLIP model. Download all of its files and try again.</source>
        <translation>“{path}”不是完整的 Chinese-CLIP 模型，请下载全部文件后再试。</translation>
    </message>
    <message>
        <source>The files of the model “{model}” are damaged. Install it again.</source>
        <translation>模型“{model}”的文件已损坏，请重新安装。</translation>
    </message>
    <message>
        <source>The model in “{path}” could not be prepared. Check that there is enough free disk space and memory, then try again.</source>
        <translation>无法准备“{path}”中的模型。请确认磁盘空间和内存充足，然后重试。</translation>
    </message>
    <message>
        <source>The model “{model}” came with MemoryHunter and cannot be removed.</source>
        <translation>模型“{model}”是 MemoryHunter 自带的，不能移除。</translation>
    </message>
    <message>
        <source>The files of the model “{model}” cannot be removed at the moment, because something still uses them. Close other programs or restart MemoryHunter, then try again.</source>
        <translation>模型“{model}”的文件正被占用，暂时无法移除。请关闭其他程序或重启 MemoryHunter，然后重试。</translation>
    </message>
    <message>
        <source>“{path}” holds another model (“{found}”), not “{model}”. Please choose the right one.</source>
        <translation>“{path}”里是另一个模型（“{found}”），不是“{model}”。请选择正确的模型。</translation>
    </message>
    <message>
        <source>Another model is being installed or removed. Please try again when that is done.</source>
        <translation>正在安装或移除另一个模型，请等它完成后再试。</translation>
    </message>
    <message>
        <source>The list of models in “{path}” cannot be read. Install MemoryHunter again, or correct the list if it is your own.</source>
        <translation>无法读取“{path}”中的模型列表。请重新安装 MemoryHunter；如果这是您自己的列表，请改正它。</translation>
    </message>
    <message>
        <source>This model is not offered at “{source}”. Please choose one of: {known}.</source>
        <translation>“{source}”没有提供这个模型。请从这些来源中选择：{known}。</translation>
    </message>
    <message>
        <source>What {sources} sent for the model “{model}” is damaged or was changed, so it was not used. Please choose another source.</source>
        <translation>从 {sources} 收到的模型“{model}”已损坏或被改动，因此没有使用。请换一个来源。</translation>
    </message>
    <message>
        <source>Another MemoryHunter is already downloading the model “{model}”.</source>
        <translation>另一个 MemoryHunter 正在下载模型“{model}”。</translation>
    </message>
    <message>
        <source>The proxy “{proxy}” in this computer’s network settings does not let the download through. Correct it or switch it off, then try again.</source>
        <translation>电脑网络设置中的代理“{proxy}”无法用于下载。请改正或关闭它，然后重试。</translation>
    </message>
    <message>
        <source>There is not enough room for this model: it needs {needed} MB, and the disk that holds “{path}” has {free} MB free.</source>
        <translation>磁盘空间不够：这个模型需要 {needed} MB，而“{path}”所在的磁盘只剩 {free} MB。</translation>
    </message>
    <message>
        <source>The library in “{path}” is damaged and was left untouched. Your photos are safe. Restore a backup, or move the library away to start a new one.</source>
        <translation>“{path}”中的照片库已损坏，MemoryHunter 没有改动它。你的照片是安全的。请恢复备份，或将照片库移到别处后重新建立。</translation>
    </message>
    <message>
        <source>The library in “{path}” was made by a newer version of MemoryHunter. Please install the newest version.</source>
        <translation>“{path}”中的照片库由更新版本的 MemoryHunter 创建，请安装最新版本。</translation>
    </message>
    <message>
        <source>MemoryHunter is already using the library in “{path}”. Please look for its other window.</source>
        <translation>“{path}”中的照片库正被另一个 MemoryHunter 使用，请切换到那个窗口。</translation>
    </message>
    <message>
        <source>The library in “{path}” cannot be opened. Check that the disk is connected and that you may write to this folder.</source>
        <translation>无法打开“{path}”中的照片库。请确认磁盘已连接，并且你有权写入这个文件夹。</translation>
    </message>
    <message>
        <source>The graphics card {card} stopped working for MemoryHunter. Your photos are now understood by the processor, which is slower; the next start tries the card again.</source>
        <translation>显卡 {card} 无法继续为 MemoryHunter 工作。照片现在改由处理器识别，速度会慢一些；下次启动时会再次尝试使用显卡。</translation>
    </message>
    <message>
        <source>Sorting your photos met a problem it did not expect, and will try again by itself. Nothing was lost; the details are in the log.</source>
        <translation>整理照片时遇到了意外的问题，稍后会自动重试。没有丢失任何内容；详情已写入日志。</translation>
    </message>
    <message>
        <source>The disk that holds “{path}” is full. Make some room and try again; nothing was lost.</source>
        <translation>“{path}”所在的磁盘已满。请清理出一些空间后重试，数据没有丢失。</translation>
    </message>
    <message>
        <source>MemoryHunter cannot keep its files in “{path}”. Choose a folder that you may write to.</source>
        <translation>MemoryHunter 无法在“{path}”中存放数据，请选择一个可以写入的文件夹。</translation>
    </message>
    <message>
        <source>The files of the model “{model}”, which came with MemoryHunter, are damaged. Install MemoryHunter again, or install another model.</source>
        <translation>MemoryHunter 自带的模型“{model}”文件已损坏。请重新安装 MemoryHunter，或安装其他模型。</translation>
    </message>
    <message>
        <source>The file is not there any more. It may have been moved or deleted.</source>
        <translation>文件已不存在，可能已被移动或删除。</translation>
    </message>
    <message>
        <source>You have no permission to read this file. Check its access rights.</source>
        <translation>没有读取这个文件的权限，请检查文件的访问权限。</translation>
    </message>
    <message>
        <source>This is not an ordinary file, so there is no picture in it.</source>
        <translation>这不是普通文件，里面没有图片。</translation>
    </message>
    <message>
        <source>The file is empty. It may not have been copied completely.</source>
        <translation>文件是空的，可能没有复制完整。</translation>
    </message>
    <message>
        <source>The file is named like a picture, but does not hold one that can be read.</source>
        <translation>文件名看起来是图片，但内容不是可以读取的图片。</translation>
    </message>
    <message>
        <source>The picture is damaged or incomplete. Copy it again if you have the original.</source>
        <translation>图片已损坏或不完整。如果有原件，请重新复制一份。</translation>
    </message>
    <message>
        <source>The picture has too many pixels to be opened safely.</source>
        <translation>图片的像素过多，无法安全打开。</translation>
    </message>
    <message>
        <source>Reading this file took too long.</source>
        <translation>读取这个文件用时过长。</translation>
    </message>
    <message>
        <source>The disk or network reported an error while reading. Check the connection.</source>
        <translation>读取时磁盘或网络出错。请检查连接。</translation>
    </message>
    <message>
        <source>There was not enough memory to open this picture. Close other programs.</source>
        <translation>内存不足，无法打开这张图片。请关闭其他程序。</translation>
    </message>
    <message>
        <source>The model “{model}” could not be downloaded from {sources}. {trouble}</source>
        <translation>无法从 {sources} 下载模型“{model}”。{trouble}</translation>
    </message>
    <message>
        <source>There is no connection to {sources}. Check that this computer is on the Internet, then try again.</source>
        <translation>无法连接到 {sources}。请检查电脑是否已联网，然后重试。</translation>
    </message>
    <message>
        <source>Another MemoryHunter, a window or a command, is open and keeps this library up to date. You can search here too.</source>
        <translation>另一个 MemoryHunter（窗口或命令）已经打开，由它负责更新这个照片库。在这里也可以搜索。</translation>
    </message>
    <message>
        <source>This file makes the picture reader fail; it is probably damaged.</source>
        <translation>读取这个文件时程序出错，文件很可能已损坏。</translation>
    </message>
    <message>
        <source>The picture opens, but cannot be found by description.</source>
        <translation>图片可以打开，但无法通过描述找到。</translation>
    </message>
    <message>
        <source>The server cannot prove who it is; something on the way may be pretending to be it. Check the date and time of this computer.</source>
        <translation>服务器无法证明自己的身份，途中可能有人冒充它。请检查电脑的日期和时间。</translation>
    </message>
    <message>
        <source>The server does not give the files out at the moment.</source>
        <translation>服务器目前不提供这些文件。</translation>
    </message>
    <message>
        <source>The server is too busy or has a problem. Try again later.</source>
        <translation>服务器太忙或出了问题，请稍后再试。</translation>
    </message>
    <message>
        <source>The connection breaks again and again.</source>
        <translation>连接一再中断。</translation>
    </message>
    <message>
        <source>Nothing comes over the connection any more.</source>
        <translation>连接不再传来任何数据。</translation>
    </message>
    <message>
        <source>The network answers with a web page instead. If it asks for a login, log in with your browser first.</source>
        <translation>网络返回的是一个网页。如果需要登录，请先用浏览器登录。</translation>
    </message>
    <message>
        <source>This file could not be read.</source>
        <translation>无法读取这个文件。</translation>
    </message>
</context>
<context>
    <name>ModelCard</name>
    <message>
        <source>Stopping…</source>
        <translation>正在停止…</translation>
    </message>
    <message>
        <source>Use</source>
        <translation>使用</translation>
    </message>
    <message>
        <source>Check files</source>
        <translation>检查文件</translation>
    </message>
    <message>
        <source>Remove…</source>
        <translation>移除…</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Delete download…</source>
        <translation>删除已下载的部分…</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Install again</source>
        <translation>重新安装</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Install</source>
        <translation>安装</translation>
    </message>
</context>
<context>
    <name>ModelDialog</name>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Download from</source>
        <translation>下载来源</translation>
    </message>
    <message>
        <source>Nothing was added: please drop one model at a time.</source>
        <translation>没有添加任何模型：请一次只拖入一个。</translation>
    </message>
    <message>
        <source>All its files are as they were installed.</source>
        <translation>文件完好，与安装时一致。</translation>
    </message>
    <message>
        <source>Checking its files…</source>
        <translation>正在检查文件…</translation>
    </message>
    <message>
        <source>Drop the folder or file of a model to add it</source>
        <translation>松开鼠标，添加模型</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Removing it…</source>
        <translation>正在移除…</translation>
    </message>
    <message>
        <source>MemoryHunter now sorts your photos with this model. Go on searching meanwhile.</source>
        <translation>现在开始用这个模型整理照片，期间可以照常搜索。</translation>
    </message>
</context>
<context>
    <name>ModelList</name>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Looking for models…</source>
        <translation>正在查看有哪些模型…</translation>
    </message>
    <message>
        <source>There are no models yet. Add one from this computer.</source>
        <translation>还没有模型，可以从本机导入。</translation>
    </message>
</context>
<context>
    <name>ModelNews</name>
    <message>
        <source>Do not show this again</source>
        <translation>不再提示</translation>
    </message>
</context>
<context>
    <name>ModelWords</name>
    <message>
        <source>Damaged</source>
        <translation>已损坏</translation>
    </message>
    <message>
        <source>In use</source>
        <translation>使用中</translation>
    </message>
    <message>
        <source>Installed</source>
        <translation>已安装</translation>
    </message>
    <message>
        <source>Not installed</source>
        <translation>未安装</translation>
    </message>
    <message>
        <source>A model lets MemoryHunter find photos by description. One is enough; the larger ones understand more and take more memory and time. Nothing is downloaded until you ask for it, and your photos never leave this computer.</source>
        <translation>有了模型，MemoryHunter 才能按描述找照片。装一个就够：模型越大，懂得越多，占用的内存和时间也越多。不点安装就不会下载任何东西，照片也始终留在这台电脑上。</translation>
    </message>
    <message>
        <source>“{name}” finds your photos by description. Larger models understand more and take more memory and time. Nothing is downloaded until you ask for it, and your photos never leave this computer.</source>
        <translation>现在由“{name}”按描述找照片。模型越大，懂得越多，占用的内存和时间也越多。不点安装就不会下载任何东西，照片也始终留在这台电脑上。</translation>
    </message>
    <message>
        <source>Came with MemoryHunter.</source>
        <translation>随 MemoryHunter 一起提供。</translation>
    </message>
    <message>
        <source>{first} {second}</source>
        <translation>{first}{second}</translation>
    </message>
    <message>
        <source>Added from this computer.</source>
        <translation>从本机添加。</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>下载</translation>
    </message>
    <message>
        <source>On disk</source>
        <translation>占用磁盘</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>While photos are sorted or searched.</source>
        <translation>整理或搜索照片时占用。</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>许可证</translation>
    </message>
    <message>
        <source>Delete what was downloaded of {name}?</source>
        <translation>删除 {name} 已下载的部分？</translation>
    </message>
    <message>
        <source>{size} are deleted from this computer, and the download starts over.</source>
        <translation>将从这台电脑上删除 {size}，以后需要重新下载。</translation>
    </message>
    <message>
        <source>Remove {name}?</source>
        <translation>移除 {name}？</translation>
    </message>
    <message>
        <source>Its files ({size}) are deleted from this computer.</source>
        <translation>它的文件（{size}）将从这台电脑上删除。</translation>
    </message>
    <message>
        <source>Its files are deleted from this computer.</source>
        <translation>它的文件将从这台电脑上删除。</translation>
    </message>
    <message numerus="yes">
        <source>Its understanding of %Ln photo(s) is deleted too.</source>
        <translation>
            <numerusform>它对 %Ln 张照片的理解也会一并删除。</numerusform>
        </translation>
    </message>
    <message>
        <source>Your photos and folders stay as they are.</source>
        <translation>照片和文件夹不受影响。</translation>
    </message>
    <message>
        <source>It is in use: without it, photos are found by description only if another model is there.</source>
        <translation>它正在使用中：移除后，装有其他模型才能按描述搜索。</translation>
    </message>
    <message>
        <source>It is in use: another model takes its place.</source>
        <translation>它正在使用中：移除后由另一个模型接替。</translation>
    </message>
    <message>
        <source>It still answers searches, until the model in use has seen every photo. Without it, some photos may not be found until then.</source>
        <translation>在正在使用的模型看完所有照片之前，搜索仍由它来回答：移除后，有些照片在那之前可能搜不到。</translation>
    </message>
    <message>
        <source>You can install it again at any time.</source>
        <translation>随时可以重新安装。</translation>
    </message>
    <message>
        <source>Downloaded</source>
        <translation>已下载</translation>
    </message>
    <message>
        <source>{share} % downloaded</source>
        <translation>已下载 {share}%</translation>
    </message>
    <message>
        <source>Measured with the public test {benchmark}: for a description in Chinese, the right photo comes first in {first} of the cases, is among the first 5 in {five}, and among the first 10 in {ten}.</source>
        <translation>公开测试 {benchmark} 的成绩：用一句中文描述找照片，要找的那张排在第一位的占 {first}，排在前 5 张以内的占 {five}，排在前 10 张以内的占 {ten}。</translation>
    </message>
    <message>
        <source>Right photo first</source>
        <translation>首张命中</translation>
    </message>
    <message>
        <source>{share} %</source>
        <translation>{share}%</translation>
    </message>
</context>
<context>
    <name>NewsTeller</name>
    <message>
        <source>The chosen model cannot be used.</source>
        <translation>选定的模型无法使用。</translation>
    </message>
    <message>
        <source>“{name}” answers searches until then.</source>
        <translation>暂由“{name}”回答搜索。</translation>
    </message>
    <message>
        <source>{name} finds more: {size}</source>
        <translation>{name} 找得更准：{size}</translation>
    </message>
    <message>
        <source>Sorted by “{name}”.</source>
        <translation>照片由“{name}”整理。</translation>
    </message>
</context>
<context>
    <name>NoticeBar</name>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Close this message</source>
        <translation>关闭这条消息</translation>
    </message>
</context>
<context>
    <name>PhotoGridModel</name>
    <message>
        <source>The drive or folder of this photo is not connected.</source>
        <translation>这张照片所在的磁盘或文件夹未连接。</translation>
    </message>
</context>
<context>
    <name>PhotoGridView</name>
    <message>
        <source>Photos</source>
        <translation>照片</translation>
    </message>
</context>
<context>
    <name>PhotoViewer</name>
    <message>
        <source>This photo is not in the library any more.</source>
        <translation>这张照片已不在照片库中。</translation>
    </message>
    <message>
        <source>The disk or network folder with this photo is not connected. This is the preview kept in the library.</source>
        <translation>这张照片所在的磁盘或网络文件夹未连接，现在显示的是照片库中保存的预览。</translation>
    </message>
    <message>
        <source>Opening the photo…</source>
        <translation>正在打开照片…</translation>
    </message>
</context>
<context>
    <name>ProblemDialog</name>
    <message>
        <source>Something went wrong</source>
        <translation>出了点问题</translation>
    </message>
    <message>
        <source>MemoryHunter met a problem it did not expect. Your photos are safe, and you can go on working. The report below helps the developers to mend it.</source>
        <translation>MemoryHunter 遇到了意料之外的问题。你的照片是安全的，可以继续使用。下面的报告能帮助开发者修复它。</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>报告</translation>
    </message>
    <message>
        <source>Copy the report</source>
        <translation>复制报告</translation>
    </message>
</context>
<context>
    <name>ResultSummary</name>
    <message>
        <source>Result</source>
        <translation>结果</translation>
    </message>
    <message numerus="yes">
        <source>%Ln photo(s)</source>
        <translation>
            <numerusform>%Ln 张照片</numerusform>
        </translation>
    </message>
    <message>
        <source>No photos like this</source>
        <translation>没有这样的照片</translation>
    </message>
    <message numerus="yes">
        <source>Found %Ln photo(s)</source>
        <translation>
            <numerusform>找到 %Ln 张照片</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln photo(s) might fit</source>
        <translation>
            <numerusform>%Ln 张照片可能符合</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln more might fit</source>
        <translation>
            <numerusform>另有 %Ln 张可能符合</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Results</name>
    <message>
        <source>No photos like this</source>
        <translation>没有这样的照片</translation>
    </message>
    <message>
        <source>Try other words, or fewer of them. New photos are found once they have been sorted.</source>
        <translation>换个说法，或者少写几个词试试。新照片整理完成后才能搜到。</translation>
    </message>
    <message>
        <source>Show all photos</source>
        <translation>显示全部照片</translation>
    </message>
    <message>
        <source>Your photos are on their way</source>
        <translation>照片马上就来</translation>
    </message>
    <message>
        <source>They appear here one after another; you can already search them.</source>
        <translation>照片会陆续出现在这里，现在就可以开始搜索。</translation>
    </message>
    <message>
        <source>No photos here</source>
        <translation>这里没有照片</translation>
    </message>
    <message>
        <source>There are no pictures in this place that MemoryHunter can read.</source>
        <translation>这里没有 MemoryHunter 可以读取的图片。</translation>
    </message>
    <message>
        <source>Searching needs a model</source>
        <translation>搜索需要识别模型</translation>
    </message>
    <message>
        <source>You can look through all your photos as they are. To find them by description, install a model: it is downloaded once, or comes from a USB stick.</source>
        <translation>照片都可以正常浏览。要按描述搜索，请先安装一个模型：只需下载一次，也可以从 U 盘导入。</translation>
    </message>
    <message>
        <source>Choose a Model…</source>
        <translation>选择模型…</translation>
    </message>
    <message>
        <source>This did not work</source>
        <translation>操作没有成功</translation>
    </message>
</context>
<context>
    <name>SearchBar</name>
    <message>
        <source>Describe the photo you are looking for…</source>
        <translation>描述你想找的照片，如“海边的日落”…</translation>
    </message>
    <message>
        <source>Search photos</source>
        <translation>搜索照片</translation>
    </message>
</context>
<context>
    <name>Session</name>
    <message>
        <source>Drop folders to add them</source>
        <translation>松开鼠标，添加文件夹</translation>
    </message>
    <message numerus="yes">
        <source>%Ln file(s) left alone: drop the folder that holds your photos.</source>
        <translation>
            <numerusform>已忽略 %Ln 个文件：请拖入存放照片的文件夹。</numerusform>
        </translation>
    </message>
    <message>
        <source>Choose a folder with photos</source>
        <translation>选择存放照片的文件夹</translation>
    </message>
</context>
<context>
    <name>SourceChoice</name>
    <message>
        <source>Download from</source>
        <translation>下载来源</translation>
    </message>
    <message>
        <source>Automatic (tries each)</source>
        <translation>自动（依次尝试）</translation>
    </message>
</context>
<context>
    <name>TimeLeft</name>
    <message>
        <source>less than a minute left</source>
        <translation>剩余不到 1 分钟</translation>
    </message>
    <message numerus="yes">
        <source>%Ln minute(s) left</source>
        <translation>
            <numerusform>剩余约 %Ln 分钟</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln hour(s) left</source>
        <translation>
            <numerusform>剩余约 %Ln 小时</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ViewerActions</name>
    <message>
        <source>Previous photo</source>
        <translation>上一张</translation>
    </message>
    <message>
        <source>Next photo</source>
        <translation>下一张</translation>
    </message>
    <message>
        <source>First photo</source>
        <translation>第一张</translation>
    </message>
    <message>
        <source>Last photo</source>
        <translation>最后一张</translation>
    </message>
    <message>
        <source>Zoom in</source>
        <translation>放大</translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation>缩小</translation>
    </message>
    <message>
        <source>Actual size</source>
        <translation>实际大小</translation>
    </message>
    <message>
        <source>Fit to window</source>
        <translation>适合窗口</translation>
    </message>
    <message>
        <source>Find similar photos</source>
        <translation>查找相似照片</translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation>在文件夹中显示</translation>
    </message>
    <message>
        <source>Full screen</source>
        <translation>全屏</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>ViewerBar</name>
    <message>
        <source>{percent}%</source>
        <translation>{percent}%</translation>
    </message>
</context>
<context>
    <name>WorkView</name>
    <message>
        <source>Progress</source>
        <translation>进度</translation>
    </message>
</context>
</TS>
