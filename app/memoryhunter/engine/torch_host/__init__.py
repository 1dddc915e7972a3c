"""Pictures to vectors on a graphics card: torch, in a process of its own.

The program starts the process, hands it pixels in shared memory and answers for whatever becomes
of it (`embedder`, `host`, `ring`). `child` is where that process begins; only what it loads
(`service`, `runner`, `tower`) imports torch.
"""
