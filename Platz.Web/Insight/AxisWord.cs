using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace Platz.Web.Insight;

/// <summary>A word at a place of an axis: the <c>text</c> of SVG, which Razor takes for a word of its own.</summary>
public sealed class AxisWord : ComponentBase
{
    /// <summary>In percent of the width.</summary>
    [Parameter, EditorRequired]
    public double At { get; set; }

    [Parameter, EditorRequired]
    public required string Word { get; set; }

    /// <summary>What of the word is there: its start, its middle or its end.</summary>
    [Parameter]
    public string Anchor { get; set; } = "middle";

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        builder.OpenElement(0, "text");
        builder.AddAttribute(1, "x", LogScale.Attribute(At));
        builder.AddAttribute(2, "y", "12");
        builder.AddAttribute(3, "text-anchor", Anchor);
        builder.AddContent(4, Word);
        builder.CloseElement();
    }
}
