using Markdig.Extensions.Tables;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using Microsoft.AspNetCore.Components.Rendering;
using Platz.Web.Tasks;
using TaskList = Markdig.Extensions.TaskLists.TaskList;

namespace Platz.Web.Markdown;

/// <summary>Draws Markdown with the elements that are named here and with no others.</summary>
internal sealed class MarkdownTree(RenderTreeBuilder builder)
{
    /// <summary>A page's heading is the first, its section's the second.</summary>
    private const int HeadingsAbove = 2;

    public void Add(ContainerBlock blocks)
    {
        foreach (var block in blocks)
        {
            Add(block);
        }
    }

    private void Add(Block block)
    {
        switch (block)
        {
            case HeadingBlock heading:
                Element($"h{Math.Min(6, heading.Level + HeadingsAbove)}", () => Add(heading.Inline));
                break;
            case ParagraphBlock { Parent: ListItemBlock { Parent: ListBlock { IsLoose: false } } } tight:
                Add(tight.Inline);
                break;
            case CodeBlock code:
                Element("pre", () => Element("code", () => Text(code.Lines.ToString())));
                break;
            case ThematicBreakBlock:
                Element("hr", () => { });
                break;
            case QuoteBlock quote:
                Element("blockquote", () => Add(quote));
                break;
            case ListBlock list:
                AddList(list);
                break;
            case ListItemBlock item:
                Element("li", () => Add(item));
                break;
            case Table table:
                AddTable(table);
                break;
            case LinkReferenceDefinitionGroup:
                break; // said where it is referred to
            case ContainerBlock blocks:
                Add(blocks);
                break;
            case LeafBlock { Inline: { } inlines }:
                Element("p", () => Add(inlines));
                break;
            case LeafBlock leaf:
                Text(leaf.Lines.ToString());
                break;
        }
    }

    private void AddList(ListBlock list) => Element(list.IsOrdered ? "ol" : "ul", () =>
    {
        if (list.IsOrdered && int.TryParse(list.OrderedStart, out var start) && start != 1)
        {
            builder.AddAttribute(1, "start", start);
        }

        Add((ContainerBlock)list);
    });

    private void AddTable(Table table) => Element("table", () => Element("tbody", () =>
    {
        foreach (var row in table.OfType<TableRow>())
        {
            Element("tr", () => AddCells(row));
        }
    }));

    private void AddCells(TableRow row)
    {
        foreach (var cell in row.OfType<TableCell>())
        {
            Element(row.IsHeader ? "th" : "td", () =>
            {
                foreach (var block in cell)
                {
                    Add((block as LeafBlock)?.Inline);
                }
            });
        }
    }

    private void Add(ContainerInline? inlines)
    {
        foreach (var inline in inlines ?? Enumerable.Empty<Inline>())
        {
            Add(inline);
        }
    }

    private void Add(Inline inline)
    {
        switch (inline)
        {
            case LiteralInline literal:
                Text(literal.Content.ToString());
                break;
            case CodeInline code:
                Element("code", () => Text(code.Content));
                break;
            case LineBreakInline { IsHard: true }:
                Element("br", () => { });
                break;
            case LineBreakInline:
                Text("\n");
                break;
            case TaskList task:
                Text(task.Checked ? "☑" : "☐");
                break;
            case HtmlEntityInline entity:
                Text(entity.Transcoded.ToString());
                break;
            case HtmlInline html:
                Text(html.Tag);
                break;
            case AutolinkInline link:
                AddLink(link.IsEmail ? $"mailto:{link.Url}" : link.Url, () => Text(link.Url));
                break;
            case LinkInline link:
                AddLink(link);
                break;
            case EmphasisInline emphasis:
                Element(Tag(emphasis), () => Add((ContainerInline)emphasis));
                break;
            case ContainerInline inlines:
                Add(inlines);
                break;
        }
    }

    /// <summary>An image would be read from where it lies, by everybody who opens the page: a link to it instead.</summary>
    private void AddLink(LinkInline link)
    {
        var hasWords = link.FirstChild is not null;
        AddLink(link.Url, () =>
        {
            if (hasWords)
            {
                Add((ContainerInline)link);
            }
            else
            {
                Text(link.Url ?? "");
            }
        });
    }

    private void AddLink(string? address, Action content)
    {
        if (SafeLink.Of(address) is not { } safe)
        {
            content();
            return;
        }

        Element("a", () =>
        {
            builder.AddAttribute(2, "href", safe);
            builder.AddAttribute(3, "rel", "noopener noreferrer nofollow");
            content();
        });
    }

    private static string Tag(EmphasisInline emphasis) => (emphasis.DelimiterChar, emphasis.DelimiterCount) switch
    {
        ('~', 2) => "del",
        ('*' or '_', 1) => "em",
        ('*' or '_', _) => "strong",
        _ => "span",
    };

    private void Text(string text) =>
        builder.AddContent(4, string.Join('\n', text.ReplaceLineEndings("\n").Split('\n').Select(AnsiText.Strip)));

    private void Element(string name, Action content)
    {
        builder.OpenElement(0, name);
        content();
        builder.CloseElement();
    }
}
