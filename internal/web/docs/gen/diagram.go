package main

import (
	"bytes"
	"errors"
	"fmt"
	"html"
	"slices"
	"strings"
)

// A block of the language sequence is a diagram of who says what to whom, one message to a line:
//
//	Customer -> Your server: orders
//	Your server: keeps the order
//
// Those who talk are the columns, in the order in which they are named. A line without an arrow is what one of them does
// by itself. The page has it twice: as a picture, and as a list for narrow windows and for those who listen.

// message is one line of a sequence. What somebody does by themselves has the same name on both sides.
type message struct{ from, to, text string }

const (
	headTall  = 34  // the box with a name
	lineTall  = 18  // a line of text
	rowGap    = 16  // between an arrow and the next text
	textSize  = 7.2 // the mean width of a letter, generously
	codeSize  = 7.8
	arrowHead = 7
)

func sequence(source string) (string, error) {
	messages, actors, err := parseSequence(source)
	if err != nil {
		return "", err
	}
	var list strings.Builder
	for _, m := range messages {
		text, err := inline(m.text)
		if err != nil {
			return "", err
		}
		who := "<b>" + html.EscapeString(m.from) + "</b>"
		if m.from != m.to {
			who += " → <b>" + html.EscapeString(m.to) + "</b>"
		}
		fmt.Fprintf(&list, "<li>%s: %s</li>", who, text)
	}
	return `<figure class="diagram">` + picture(messages, actors) + "<ol>" + list.String() + "</ol></figure>\n", nil
}

func parseSequence(source string) (messages []message, actors []string, err error) {
	for line := range strings.Lines(source) {
		who, text, ok := strings.Cut(strings.TrimSpace(line), ": ")
		if !ok {
			return nil, nil, fmt.Errorf("the line %q of a sequence says nothing", line)
		}
		from, to, both := strings.Cut(who, " -> ")
		if !both {
			to = from
		}
		for _, name := range []string{from, to} {
			if !slices.Contains(actors, name) {
				actors = append(actors, name)
			}
		}
		messages = append(messages, message{from, to, text})
	}
	if len(actors) < 2 {
		return nil, nil, errors.New("a sequence is of two or more")
	}
	return messages, actors, nil
}

// inline renders a text within a line.
func inline(text string) (string, error) {
	var out bytes.Buffer
	if err := markdown.Convert([]byte(text), &out); err != nil {
		return "", err
	}
	return strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(out.String()), "<p>"), "</p>"), nil
}

// picture draws a sequence. Its colours are classes, so that it follows the theme of the page.
func picture(messages []message, actors []string) string {
	column := 160
	if len(actors) == 2 {
		column = 240
	}
	var rows strings.Builder
	y := headTall + rowGap
	for _, m := range messages {
		y = drawMessage(&rows, m, column, slices.Index(actors, m.from), slices.Index(actors, m.to), y)
	}
	var columns strings.Builder
	for i, name := range actors {
		x := i*column + column/2
		fmt.Fprintf(&columns, `<path class="life" d="M%d %dV%d"/>`, x, headTall, y)
		fmt.Fprintf(&columns, `<rect class="actor" x="%d" y="1" width="%d" height="%d" rx="6"/>`, x-column/2+8, column-16, headTall-2)
		fmt.Fprintf(&columns, `<text class="name" x="%d" y="%d">%s</text>`, x, headTall/2+5, html.EscapeString(name))
	}
	wide := column * len(actors)
	return fmt.Sprintf(`<svg width="%d" height="%d" viewBox="0 0 %d %d" aria-hidden="true">%s%s</svg>`, wide, y, wide, y, columns.String(), rows.String())
}

// drawMessage draws one from y on, and returns where the next one begins.
func drawMessage(w *strings.Builder, m message, column, from, to, y int) int {
	x1, x2 := from*column+column/2, to*column+column/2
	room := max(x1, x2) - min(x1, x2) - 16
	if from == to {
		room = column - 24
	}
	lines := wrap(m.text, room)
	tall := len(lines) * lineTall
	center := (x1 + x2) / 2
	if from == to {
		fmt.Fprintf(w, `<rect class="note" x="%d" y="%d" width="%d" height="%d" rx="6"/>`, x1-column/2+8, y, column-16, tall+8)
		y += 4
	}
	for i, line := range lines {
		fmt.Fprintf(w, `<text x="%d" y="%d">%s</text>`, center, y+i*lineTall+13, letters(line))
	}
	y += tall
	if from == to {
		return y + 4 + rowGap
	}
	way := 1
	if x2 < x1 {
		way = -1
	}
	y += 6
	fmt.Fprintf(w, `<path class="arrow" d="M%d %dH%d"/><path class="head" d="M%d %dl%d -4v8z"/>`, x1, y, x2-way*arrowHead, x2, y, -way*arrowHead)
	return y + rowGap
}

// wrap parts a text into lines that fit into some room.
func wrap(text string, room int) (lines []string) {
	var line string
	wide := 0.0
	code := false
	for _, word := range strings.Fields(text) {
		size := textSize
		if code || strings.Contains(word, "`") {
			size = codeSize
		}
		own := size * float64(len([]rune(strings.ReplaceAll(word, "`", "")))+1)
		if line != "" && wide+own-size > float64(room) {
			if code { // code that goes over to the next line ends in this one
				line, word = line+"`", "`"+word
			}
			lines, line, wide = append(lines, line), "", 0
		}
		if line != "" {
			line += " "
		}
		line, wide = line+word, wide+own
		code = strings.Count(line, "`")%2 == 1
	}
	return append(lines, line)
}

// letters are the letters of a line, those between backquotes as code.
func letters(line string) string {
	var out strings.Builder
	for i, part := range strings.Split(line, "`") {
		if part = html.EscapeString(part); i%2 == 1 {
			part = `<tspan class="mono">` + part + "</tspan>"
		}
		out.WriteString(part)
	}
	return out.String()
}

// A block of the language timeline is what happens when: "day 3 | the payment is tried again".
func timeline(source string) (string, error) {
	var out strings.Builder
	out.WriteString(`<ol class="timeline">`)
	for line := range strings.Lines(source) {
		when, what, ok := strings.Cut(strings.TrimSpace(line), " | ")
		if !ok {
			return "", fmt.Errorf("the line %q of a timeline does not say when", line)
		}
		text, err := inline(what)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&out, "<li><b>%s</b> <span>%s</span></li>", html.EscapeString(when), text)
	}
	return out.String() + "</ol>\n", nil
}
