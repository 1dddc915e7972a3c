<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>FailuresDialog</name>
    <message numerus="yes">
        <source>%Ln file(s) could not be read and will not be found. The files themselves were not changed; each is tried again when it changes.</source>
        <translation>
            <numerusform>%Ln file could not be read and will not be found. The file itself was not changed; it is tried again when it changes.</numerusform>
            <numerusform>%Ln files could not be read and will not be found. The files themselves were not changed; each is tried again when it changes.</numerusform>
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
    <name>Session</name>
    <message numerus="yes">
        <source>%Ln file(s) left alone: drop the folder that holds your photos.</source>
        <translation>
            <numerusform>%Ln file left alone: drop the folder that holds your photos.</numerusform>
            <numerusform>%Ln files left alone: drop the folder that holds your photos.</numerusform>
        </translation>
    </message>
</context>
</TS>
