"""The story of a move, told from what the state database has of it. No IO here.

given.py     what is told from: the memory, the events, the documents that commands kept
account.py   what is told: the values of a report
papers.py    from the documents to values; what cannot be read is said
current.py   which documents are of the present move
stages.py    how far each stage has come
verdict.py   the one line: moved or not, and whether the old zone may go
remaining.py what is still open, and what comes next
steps.py     the picture: what was passed, what runs out, what is waited for
telling.py   the whole
board.py     many moves at once: a line for each
"""
