<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>Messages</name>
    <message>
        <source>The folder “{path}” is not there. If it is on an external disk or a network drive, connect it and try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“{path}” is a file. Please choose the folder it is in.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“{path}” and “{other}” contain one another, and every photo should appear only once. Keep the larger folder, or remove it first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“{path}” is where MemoryHunter keeps its own files. Please choose a folder with your photos.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The folder “{path}” is not in the library.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file “{path}” is not there any more. It may have been moved or deleted.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The picture “{path}” cannot be used. {reason}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Type a few words about the photo you are looking for.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{missing} of {known} photos in “{path}” are missing. Nothing was changed in the library, in case a disk is not fully connected.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Searching by description needs a model, and none is installed yet. You can still browse your photos.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no model called “{model}”. Please choose another one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The folder “{path}” holds no model that MemoryHunter can use. Install the model again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“{path}” is not a complete Chinese-CLIP model. Download all of its files and try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The files of the model “{model}” are damaged. Install it again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The model “{model}” is already installed and ready to use.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The model in “{path}” could not be prepared. Check that there is enough free disk space and memory, then try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The library in “{path}” is damaged and was left untouched. Your photos are safe. Restore a backup, or move the library away to start a new one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The library in “{path}” was made by a newer version of MemoryHunter. Please install the newest version.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>MemoryHunter is already using the library in “{path}”. Please look for its other window.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The library in “{path}” cannot be opened. Check that the disk is connected and that you may write to this folder.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The library is being brought up to date. Please try again when that is done.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The disk that holds “{path}” is full. Make some room and try again; nothing was lost.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>MemoryHunter cannot keep its files in “{path}”. Choose a folder that you may write to.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The settings in “{path}” cannot be read. Correct the file, or delete it to begin with fresh settings.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file is not there any more. It may have been moved or deleted.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You have no permission to read this file. Check its access rights.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is not an ordinary file, so there is no picture in it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file is empty. It may not have been copied completely.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file is named like a picture, but does not hold one that can be read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The picture is damaged or incomplete. Copy it again if you have the original.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The picture has too many pixels to be opened safely.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading this file took too long, so it was passed over.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There was not enough memory to open this picture. Close other programs.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This file makes the picture reader fail; it is probably damaged.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The disk or network reported an error while reading. Check the connection; it will be tried again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The picture opens, but cannot be found by description.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This file could not be read.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>
