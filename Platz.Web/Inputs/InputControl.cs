using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Components;
using Platz.Core.Charts.Extensions;
using Platz.Core.Values;

namespace Platz.Web.Inputs;

/// <summary>What a person types one value into: a whole input, or one item of a list.</summary>
public abstract class InputControl : ComponentBase
{
    [Parameter, EditorRequired]
    public required InputField Input { get; set; }

    /// <summary>Null: nothing is typed or chosen.</summary>
    [Parameter]
    public JsonNode? Value { get; set; }

    [Parameter]
    public EventCallback<JsonNode?> ValueChanged { get; set; }

    /// <summary>Of the element that has the focus, unique on the page.</summary>
    [Parameter, EditorRequired]
    public required string Id { get; set; }

    /// <summary>Ids of help and error.</summary>
    [Parameter]
    public string? DescribedBy { get; set; }

    [Parameter]
    public bool IsInvalid { get; set; }

    [Parameter]
    public bool Disabled { get; set; }

    /// <summary>For an item, which has no label of its own.</summary>
    [Parameter]
    public string? Name { get; set; }

    /// <summary>What a CollectionSelect offers; null while it is being read.</summary>
    [Parameter]
    public IReadOnlyList<CollectionItem>? Choices { get; set; }

    protected string Invalid => IsInvalid ? "true" : "false";

    protected string? Needed => Input.Required ? "true" : null;

    protected static string? Text(JsonNode? value) => value is { } text && text.GetValueKind() is JsonValueKind.String
        ? text.GetValue<string>()
        : value?.ToJsonString();
}
