r"""The page: what stands before and after the document, and how wide its lines are.

A part of a document takes the width that it is given: its folding columns are shares of \linewidth. It is planned for the
narrowest page of the usual classes, an article in 12 points.
"""

from __future__ import annotations

from dataclasses import dataclass

from wengert.show.words import latex as words

_PACKAGES = r"""\usepackage[T1]{fontenc}
\usepackage{amsmath,array,booktabs,longtable}
"""
_PREAMBLE = rf"""\documentclass[10pt]{{article}}
\usepackage[utf8]{{inputenc}}
{_PACKAGES}\usepackage{{lmodern,microtype}}
\usepackage[a4paper,margin=20mm]{{geometry}}
\providecommand{{\wengerttitle}}[1]{{\section*{{#1}}}}
\begin{{document}}
"""
_COMMON = r"""\begingroup
\providecommand{\wengerttitle}[1]{\subsection*{#1}}
\providecommand{\wengertheading}[1]{\ifdim\dimexpr\pagegoal-\pagetotal<9\baselineskip\pagebreak\fi\subsubsection*{#1}}
\newcolumntype{L}[1]{>{\raggedright\hangindent=1em\arraybackslash}p{#1}}
\newcolumntype{R}[1]{>{\raggedleft\arraybackslash}p{#1}}
\raggedright\setlength{\parskip}{2pt}\setlength{\tabcolsep}{5pt}\setlength{\LTpre}{4pt}\setlength{\LTpost}{6pt}
\relpenalty=10000 \binoppenalty=10000 \normallineskip=4pt \normallineskiplimit=2pt \allowdisplaybreaks
"""


@dataclass(frozen=True, slots=True)
class Page:
    """`small` and `normal`: the width of a line in ems of the size of tables and of sentences."""

    whole: bool
    small: float
    normal: float

    def head(self) -> str:
        if self.whole:
            return f"% {words.WHOLE}\n{_PREAMBLE}{_COMMON}"
        needs = "".join(f"%   {line}\n" for line in _PACKAGES.splitlines())
        return f"% {words.PART}\n{needs}% {words.HEADINGS}\n{_COMMON}"

    def foot(self) -> str:
        return "\\par\\endgroup\n" + ("\\end{document}\n" if self.whole else "")


WHOLE = Page(True, 52.0, 47.0)
PART = Page(False, 33.0, 30.0)
