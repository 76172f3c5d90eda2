using Markdig;
using Markdig.Syntax;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace Platz.Web.Markdown;

/// <summary>
/// Markdown that somebody wrote, shown. It is drawn element by element from what was understood of it, never as markup:
/// HTML in it stays text, and nothing can come out that <see cref="MarkdownTree"/> does not name.
/// </summary>
public sealed class MarkdownText : ComponentBase
{
    // What is longer is shown as it was typed: reading it takes time that grows faster than it does.
    private const int Longest = 65_536;

    private static readonly MarkdownPipeline s_pipeline = new MarkdownPipelineBuilder()
        .DisableHtml().UsePipeTables().UseEmphasisExtras().UseTaskLists().UseAutoLinks().Build();

    private MarkdownDocument? _document;
    private string? _parsed;

    [Parameter, EditorRequired]
    public required string Text { get; set; }

    protected override void OnParametersSet()
    {
        if (_parsed != Text)
        {
            (_parsed, _document) = (Text, Parse(Text));
        }
    }

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        builder.OpenElement(0, "div");
        builder.AddAttribute(1, "class", "markdown");
        builder.OpenRegion(2);
        if (_document is { } document)
        {
            new MarkdownTree(builder).Add(document);
        }
        else
        {
            builder.OpenElement(0, "pre");
            builder.AddContent(1, string.Join('\n', Text.ReplaceLineEndings("\n").Split('\n').Select(Tasks.AnsiText.Strip)));
            builder.CloseElement();
        }

        builder.CloseRegion();
        builder.CloseElement();
    }

    /// <returns>Null for what is too long, or nested too deeply.</returns>
    private static MarkdownDocument? Parse(string text)
    {
        if (text.Length > Longest)
        {
            return null;
        }

        try
        {
            return Markdig.Markdown.Parse(text, s_pipeline);
        }
        catch (ArgumentException)
        {
            return null; // how Markdig refuses what is nested too deeply
        }
    }
}
