using System.Text.Json.Nodes;

namespace Platz.Web.Api.OpenApi;

/// <summary>A parameter, or a field of a body.</summary>
internal sealed record FieldDoc(string Name, JsonObject Schema, string Text)
{
    public bool IsNeeded { get; init; }

    public FieldDoc Needed => this with { IsNeeded = true };
}

/// <summary>Fields by what they hold.</summary>
internal static class Field
{
    public static FieldDoc Text(string name, string text = "") => new(name, Shape.Text(), text);

    public static FieldDoc Id(string name, string text = "") => new(name, Shape.Id(), text);

    public static FieldDoc Flag(string name, string text = "") => new(name, Shape.Flag(), text);

    public static FieldDoc Time(string name, string text = "") => new(name, Shape.Time(), text);

    public static FieldDoc Number(string name, string text = "") => new(name, Shape.Number(), text);

    public static FieldDoc Json(string name, string text = "") => new(name, [], text);

    public static FieldDoc OneOf(string name, IEnumerable<string> values, string text = "") =>
        new(name, Shape.OneOf(values), text);

    /// <summary>May be given several times.</summary>
    public static FieldDoc Many(string name, JsonObject each, string text = "") => new(name, Shape.List(each), text);

    public static FieldDoc Of(string name, string component, string text = "") => new(name, Shape.Ref(component), text);
}
