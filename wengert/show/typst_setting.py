"""How a Typst document of ours is set: the page, the type, and the tables, as Typst code that stands at the head of each file.

Typst itself measures the cells, so that no width is a guess. A table that has room stands at its natural widths; in one that
has not, cells fold, and the whole document turns to landscape where that is not enough. Typst breaks mathematics at relations
and operators only: `narrowest` finds the widest piece between them, and no column becomes narrower than that. What is wider
than a landscape page all the same is set smaller. A chain of equations is broken by code of ours, before signs, at full size.
"""

from __future__ import annotations

from wengert.show.palette import BACKWARD_TEXT, FAINT, GREEN, MUTED

_COLOURS = {"good": GREEN, "warn": MUTED, "bad": BACKWARD_TEXT, "faint": FAINT, "muted": MUTED}
LONG, READABLE = 728.0, 6.5  # points: of a line on a page turned, and the height of the smallest letters of a graph

SETTING = (
    r"""// The page, the type and the tables of a document made by wengert.
#let short = 170mm // of a line on an A4 page
#let long = 257mm // of a line on that page turned
#let turned = state("turned", false) // whether a table of the document needs that
#show: rest => context {
  set page(paper: "a4", margin: (x: 20mm, y: 20mm), flipped: turned.final(), numbering: "1 / 1")
  rest
}
#set text(font: "New Computer Modern", size: 10pt, lang: "en", hyphenate: false)
// Typst lets a formula reach into 7/10 of the leading above and below: the fractions of two lines would overlap. So a line is
// high in itself, and the leading is negative, which keeps fractions 4/10 of it apart.
#set text(top-edge: 1.1em, bottom-edge: -0.6em)
#set par(leading: -0.5em, spacing: 0pt)
#show math.equation: set text(font: "New Computer Modern Math")
#show math.equation.where(block: false): it => math.display(it)
#show heading: set text(size: 11pt)
#show heading: set block(above: 1em, below: 0.3em)
#show heading.where(level: 1): set text(size: 15pt)

// A word of a verdict; its colour says nothing besides.
#let good(body) = text(fill: rgb("<good>"), body)
#let warn(body) = text(fill: rgb("<warn>"), body)
#let bad(body) = text(fill: rgb("<bad>"), weight: "bold", body)

// What stands in a line, apart: signs at which the line may be broken, and what is between them.
#let operators = ("+", "−", "·", "⋅", "=", "≈", ">", "<", "≥", "≤", "→", "⊙")
#let tall(it) = {
  if it.has("children") { it.children.any(tall) } else { it.func() == math.frac or it.func() == math.lr and tall(it.body) }
}
#let parts(it, inside: false) = {
  if it.has("children") { it.children.map(c => parts(c, inside: inside)).flatten() }
  else if it.func() == math.equation or it.func() == math.lr and not tall(it) { parts(it.body, inside: true) }
  else if it.has("child") { parts(it.child, inside: inside) }
  else if not inside and it.has("text") { it.text.split(" ").map(t => (text(t),)).intersperse("blank").flatten() }
  else if it == [ ] { if inside { () } else { ("blank",) } }
  else if inside { (math.equation(it),) }
  else { (it,) }
}
#let narrowest(it) = {
  let (widest, run, last) = (0pt, 0pt, none)
  for part in parts(it) {
    if part == "blank" {
      (widest, run, last) = (calc.max(widest, run), 0pt, none)
      continue
    }
    let sign = if part.func() == math.equation { part.body.at("text", default: none) }
    run += measure(part).width
    if sign in operators and last not in (none, "(", ..operators) {
      (widest, run) = (calc.max(widest, run + 5pt), 0pt)
    } else if sign in operators or sign == "," { run += 5pt }
    last = if sign == none { "" } else { sign }
  }
  calc.max(widest, run) + 1pt
}

// A line that is set smaller where it would not have room.
#let fitted(body) = layout(size => {
  let least = narrowest(body)
  if least <= size.width { body } else { text(size: 1em * (size.width / least), body) }
})

// The widths, of at most `room` together, at which the longest rows are least high. A few widths of each column are tried.
#let folding(rows, least, full, room) = {
  let columns = range(least.len())
  let free = columns.filter(i => full.at(i) > least.at(i))
  let steps = calc.max(1, calc.min(8, int(calc.pow(400, 1 / free.len())) - 1))
  let longest = rows.sorted(key: r => -r.map(c => measure(c).width.pt()).sum()).slice(0, calc.min(24, rows.len()))
  let high(i, w) = longest.map(r => measure(width: w, r.at(i)).height)
  let fixed = columns.filter(i => i not in free).map(i => high(i, full.at(i)))
  let heights = range(longest.len()).map(n => calc.max(0pt, ..fixed.map(h => h.at(n))))
  let ways = ((widths: (:), heights: heights, sum: least.sum()),)
  for i in free {
    let wish = full.at(i) - least.at(i)
    let tried = range(steps + 1).map(k => (wish * k / steps, high(i, least.at(i) + wish * k / steps)))
    ways = ways.map(way => tried.filter(((more, _)) => way.sum + more <= room).map(((more, heights)) => (
      widths: way.widths + (str(i): least.at(i) + more),
      heights: way.heights.zip(heights).map(((a, b)) => calc.max(a, b)),
      sum: way.sum + more,
    ))).flatten()
  }
  let best = ways.sorted(key: way => (way.heights.sum(), -way.sum)).first()
  let widths = columns.map(i => best.widths.at(str(i), default: full.at(i)))
  let wish = columns.map(i => full.at(i) - widths.at(i))
  let spare = calc.min(room - best.sum, wish.sum())
  if wish.sum() == 0pt { widths } else { columns.map(i => widths.at(i) + wish.at(i) * (spare / wish.sum())) }
}

// A table: how its columns are aligned, which of them fold first, their headings, and an array of cells for each row; `more`
// stands before a row that goes on with the one above.
#let more = none
#let worked(aligned, folds, headings, ..rows) = {
  set text(size: 9pt)
  context {
    let gap = 11pt
    let named = headings.any(h => h != [])
    let headings = headings.map(h => text(fill: rgb("<muted>"), h))
    let rows = rows.pos()
    let cells = rows.filter(r => r != more)
    if named { cells.push(headings) }
    let columns = range(aligned.len())
    let widest(measured, i) = calc.max(0pt, ..cells.map(r => measured(r.at(i)))) + 0.1pt
    let full = columns.map(i => widest(c => measure(c).width, i))
    let space = gap * (columns.len() - 1)
    let room = (if turned.final() { long } else { short }) - space
    let (widths, scale, folded) = (full, 1, full.sum() > room)
    if full.sum() > short - space {
      let least = columns.map(i => if folds.at(i) > 0 or full.at(i) > short / 3 { widest(narrowest, i) } else { full.at(i) })
      if least.sum() > short - space { turned.update(true) }
      if folded {
        if least.sum() > room { least = columns.map(i => widest(narrowest, i)) }
        if least.sum() > room {
          scale = room / least.sum()
          widths = least.map(w => w * scale)
        } else {
          widths = folding(rows.filter(r => r != more), least, full, room)
        }
      }
    }
    set text(size: 9pt * scale)
    let groups = ()
    let opens = true
    for row in rows {
      if row == more { opens = false; continue }
      if opens or groups == () { groups.push(()) }
      groups.last().push(row.enumerate().map(((i, c)) => {
        // a row stays on one page, but for one that would not have room there
        let lines = if folded { measure(c).width / widths.at(i) } else { 1 }
        table.cell(breakable: lines > 12, c)
      }))
      opens = true
    }
    let body = ()
    for (n, group) in groups.enumerate() {
      let beside = n > 0 and (folded or group.len() > 1 or groups.at(n - 1).len() > 1)
      if beside { body.push(table.hline(stroke: 0.4pt + rgb("<faint>"))) }
      body += group.flatten()
    }
    block(below: 0.6em, table(
      columns: widths, column-gutter: gap, inset: (x: 0pt, y: 0pt), stroke: none,
      align: (x, _) => aligned.at(x) + horizon,
      ..if named { (table.hline(stroke: 0.8pt), table.header(..headings, table.hline(stroke: 0.5pt))) },
      ..body,
      ..if named { (table.hline(stroke: 0.8pt),) },
    ))
  }
}

// Mathematics too wide for its room, broken before signs. A pair of tall brackets becomes two signs of their height, so that
// what is between them can be broken too; a fraction or a power too wide itself is written in one line.
#let high(it) = if tall(it) { measure(math.equation(block: true, it)).height }
#let fence(c, high) = if high == none { c } else { math.lr(size: high, c) }
#let pieces(it, room, depth: 0) = {
  let alone = ((body: it, depth: depth, text: it.at("text", default: "")),)
  let bracketed(left, inner, right, high, power: none) = {
    let end = fence(right, high)
    if power != none { end = math.attach(end, t: power) }
    ((body: fence(left, high), depth: depth, text: "("), ..inner, (body: end, depth: depth, text: ")"))
  }
  let between(lr, power: none) = {
    let (left, ..inner, right) = lr.body.children
    bracketed(left, inner.map(c => pieces(c, room, depth: depth + 1)).flatten(), right, high(lr), power: power)
  }
  let term(it) = {
    let inner = pieces(it, room, depth: depth + 1)
    if inner.filter(piece => piece.body != [ ]).len() < 2 { return inner }
    bracketed($($.body, inner, $)$.body, high(it))
  }
  let wide() = measure(math.equation(it)).width > room
  if it.has("children") { it.children.map(c => pieces(c, room, depth: depth)).flatten() }
  else if it.func() == math.equation { pieces(it.body, room, depth: depth) }
  else if it.func() == math.lr and it.body.has("children") { between(it) }
  else if it.func() == math.frac and wide() {
    (..term(it.num), (body: $\/$.body, depth: depth, text: "/"), ..term(it.denom))
  } else if it.func() == math.attach and it.base.func() == math.lr and it.fields().keys().sorted() == ("base", "t") and wide() {
    between(it.base, power: it.t)
  } else { alone }
}
#let runs(it, room) = {
  let (made, last) = ((), none)
  for piece in pieces(it, room) {
    if piece.text in (..operators, "/") and last not in (none, "(", ..operators) {
      let kinds = ("/": "normal", "+": "binary", "−": "binary", "·": "binary", "⋅": "binary", "⊙": "binary")
      let kind = kinds.at(piece.text, default: "relation")
      made.push((body: math.class(kind, piece.body), order: (piece.depth, if piece.text in ("+", "−") { 0 } else { 1 })))
    } else if made == () { made.push((body: piece.body, order: (0, 0))) }
    else { made.last().body += piece.body }
    if piece.body != [ ] { last = piece.text }
  }
  made
}
#let broken(it, room) = {
  let all = runs(it, room)
  let widths = all.map(run => measure(math.equation(run.body)).width + 0.3em.to-absolute())
  let (made, start) = ((), 0)
  while start < all.len() {
    let (end, width) = (start + 1, widths.at(start))
    let ends = ((end, width),)
    while end < all.len() and width + widths.at(end) <= room {
      width += widths.at(end)
      end += 1
      ends.push((end, width))
    }
    if end < all.len() { // where the fewest brackets are open, if the line is half full there
      let full = ends.filter(((_, width)) => width >= room / 2)
      if full == () { full = (ends.last(),) }
      (end, width) = full.sorted(key: ((end, _)) => (..all.at(end).order, -end)).first()
    }
    let line = math.equation(all.slice(start, end).map(run => run.body).join())
    made.push(if width <= room { line } else { text(size: 1em * (room / width), line) }) // a single piece wider than that
    start = end
  }
  made
}

// What is equal: the first of it, and all that it is equal to, each with what is said of that. It stands in one line if that
// has room, and if something is said of one alone. A side too wide goes on in further lines, never smaller; where that would
// leave it little room, what is said stands below it.
#let chain(first, ..sides) = block(spacing: 0pt, layout(size => {
  let sides = sides.pos()
  let beside = sides.map(((_, said)) => said).filter(said => said != [])
  let line = [#first #sides.map(((side, _)) => side).join([ ])#beside.map(said => [#h(1.5em)#said]).join()]
  if (beside.len() < 2 or sides.len() < 2) and measure(line).width <= size.width { return line }
  let widest(of) = calc.max(0pt, ..of.map(c => measure(c).width)) + 0.1pt
  let (gap, apart) = (0.4em.to-absolute(), 1.5em.to-absolute())
  let lead = widest((first,)) + gap
  let natural = widest(sides.map(((side, _)) => side))
  let room = size.width - lead - widest(beside) - apart - 1pt
  let below = beside != () and room < calc.min(natural, 60% * size.width)
  if below or beside == () { room = size.width - lead - 1pt }
  let width = calc.min(natural, room)
  let column = calc.min(width, widest(sides.filter(((_, said)) => said != []).map(((side, _)) => side)))
  for (n, (side, said)) in sides.enumerate() {
    let lines = if measure(side).width <= width { (side,) } else { broken(side, width - apart) }
    let before = if n == 0 { [#first#h(lead - measure(first).width)] } else { h(lead) }
    let after = if said != [] and not below { [#h(column - measure(lines.first()).width + apart)#said] }
    let more = lines.slice(1).map(line => [#linebreak()#h(lead + apart)#line]).join()
    block(sticky: below and said != [], [#before#lines.first()#after#more])
    if said != [] and below { pad(left: lead + apart, said) }
  }
}))

// A picture, as large as it is or as the page; a wide one turned.
#let picture(svg) = layout(size => {
  let drawn = image(bytes(svg), format: "svg")
  let (width, height) = measure(drawn)
  if width <= size.width { return align(center, drawn) }
  if width <= 2 * size.width { return image(bytes(svg), format: "svg", width: 100%) }
  let scale = calc.min(1, (long - 16mm) / width, short / height) // room for a heading
  align(center, rotate(-90deg, reflow: true, image(bytes(svg), format: "svg", width: scale * width)))
})

// A graph, upright, where the letters of it that are `letters` high can still be read; a sentence instead where they cannot.
#let graph(svg, letters, instead) = context {
  let (width, height) = measure(image(bytes(svg), format: "svg"))
  let page = if turned.final() { (long, short) } else { (short, long) }
  let scale = calc.min(1, page.at(0) / width, (page.at(1) - 16mm) / height) // room for a heading
  if scale * letters < <readable> { return instead }
  align(center, image(bytes(svg), format: "svg", width: scale * width))
}

"""
)
SETTING = SETTING.replace("<readable>", f"{READABLE}pt")
for _name, _value in _COLOURS.items():
    SETTING = SETTING.replace(f"<{_name}>", _value)
