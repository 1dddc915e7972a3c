<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>FailuresDialog</name>
    <message numerus="yes">
        <source>%Ln file(s) could not be read and will not be found. The files themselves were not changed. What may pass, such as a lost connection, missing rights or too little memory, is tried again every 15 minutes and at every start; the others when the file changes.</source>
        <translation>
            <numerusform>%Ln file could not be read and will not be found. The file itself was not changed. What may pass, such as a lost connection, missing rights or too little memory, is tried again every 15 minutes and at every start; the others when the file changes.</numerusform>
            <numerusform>%Ln files could not be read and will not be found. The files themselves were not changed. What may pass, such as a lost connection, missing rights or too little memory, is tried again every 15 minutes and at every start; the others when the file changes.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>FailuresLink</name>
    <message numerus="yes">
        <source>%Ln file(s) could not be read</source>
        <translation>
            <numerusform>%Ln file could not be read</numerusform>
            <numerusform>%Ln files could not be read</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>FolderList</name>
    <message numerus="yes">
        <source>{name}, %Ln photo(s)</source>
        <translation>
            <numerusform>{name}, %Ln photo</numerusform>
            <numerusform>{name}, %Ln photos</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>IndexProgress</name>
    <message numerus="yes">
        <source>Looking through folders · %Ln file(s)</source>
        <translation>
            <numerusform>Looking through folders · %Ln file</numerusform>
            <numerusform>Looking through folders · %Ln files</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ModelWords</name>
    <message numerus="yes">
        <source>Its understanding of %Ln photo(s) is deleted too.</source>
        <translation>
            <numerusform>Its understanding of %Ln photo is deleted too.</numerusform>
            <numerusform>Its understanding of %Ln photos is deleted too.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ResultSummary</name>
    <message numerus="yes">
        <source>%Ln photo(s)</source>
        <translation>
            <numerusform>%Ln photo</numerusform>
            <numerusform>%Ln photos</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Found %Ln photo(s)</source>
        <translation>
            <numerusform>Found %Ln photo</numerusform>
            <numerusform>Found %Ln photos</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln photo(s) might fit</source>
        <translation>
            <numerusform>%Ln photo might fit</numerusform>
            <numerusform>%Ln photos might fit</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln more might fit</source>
        <translation>
            <numerusform>%Ln more might fit</numerusform>
            <numerusform>%Ln more might fit</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Session</name>
    <message numerus="yes">
        <source>%Ln file(s) left alone: drop the folder that holds your photos.</source>
        <translation>
            <numerusform>%Ln file left alone: drop the folder that holds your photos.</numerusform>
            <numerusform>%Ln files left alone: drop the folder that holds your photos.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TimeLeft</name>
    <message numerus="yes">
        <source>%Ln minute(s) left</source>
        <translation>
            <numerusform>%Ln minute left</numerusform>
            <numerusform>%Ln minutes left</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln hour(s) left</source>
        <translation>
            <numerusform>%Ln hour left</numerusform>
            <numerusform>%Ln hours left</numerusform>
        </translation>
    </message>
</context>
</TS>
