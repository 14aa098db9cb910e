"""erf of a complex step, far out: Kummer's series in integers, the step's tiny part at a scale of its own.

mpmath carries both parts of a complex number at one scale, which takes twice the digits here. Importing it loads nothing.
"""

from __future__ import annotations

from typing import Any

BITS = 1.4427  # of exp(x**2), for each of x**2
GUARD = 40  # bits: a sum of 10^6 terms, and some
BEYOND = 120  # bits: a slope of 10^-p is seen in so many
SLIM = 64  # bits by which a step is smaller than what it is added to, at least


def in_between(mp: Any, z: Any) -> bool:
    """Whether a complex step z is too far out for mpmath's first series and too near for its asymptotic one with the digits
    that it needs (twice as many), which it tries in vain for twenty times as long."""
    return bool(4 < z.real**2 < 2 * (mp.prec + GUARD) / BITS and abs(z.imag) < mp.ldexp(abs(z.real), -SLIM))


def erf(mp: Any, z: Any) -> Any:
    """erf(z) of a z that is `in_between`, each part with its own relative accuracy of 2**-mp.prec beside 1 and beside z.imag.

    erf z = 2z/√π · exp(−z²) · M(1, 3/2, z²): all terms of M's real part are positive (Abramowitz and Stegun 7.1.6, 13.1.2).
    """
    with mp.workprec(mp.prec + BEYOND):
        return 2 * z / mp.sqrt(mp.pi) * mp.exp(-z * z) * _sum(mp, z)


def _sum(mp: Any, z: Any) -> Any:
    """M(1, 3/2, z²) = Σ tₙ with t₀ = 1 and tₙ₊₁ = tₙ·2z²/(2n + 3).

    Integers stand for multiples of 2**-bits, and of 2**-(bits + down) in the imaginary parts. The square of the step, 2**-SLIM
    smaller in its turn, is kept.
    """
    bits = mp.prec + GUARD
    with mp.workprec(bits + int(z.real**2).bit_length() + GUARD):
        square = z * z
        down = -mp.mag(square.imag) if square.imag else 0
        real, imag = (int(mp.floor(mp.ldexp(part, at))) for part, at in ((square.real, bits), (square.imag, bits + down)))
    term = total = 1 << bits
    step = steps = 0
    n, last = 0, int(z.real**2)
    while term > 1 or abs(step) > 1 or n <= last:
        term, step = (
            ((term * real - (step * imag >> 2 * down)) >> bits - 1) // (2 * n + 3),
            ((term * imag + step * real) >> bits - 1) // (2 * n + 3),
        )
        total += term
        steps += step
        n += 1
    return mp.mpc(mp.ldexp(total, -bits), mp.ldexp(steps, -bits - down))
