using System.Text.Json.Nodes;

namespace Platz.Core.Charts.Extensions;

/// <summary>The form that a chart describes in <c>values-ui.yaml</c>, and where what is typed there goes.</summary>
public sealed record ValuesUi(
    IReadOnlyList<InputField> Inputs, IReadOnlyList<ValueOutput> Values, IReadOnlyList<SecretOutput> Secrets)
{
    public static ValuesUi Empty { get; } = new([], [], []);

    public InputField? Find(string id) => Inputs.FirstOrDefault(input => input.Id == id);
}

public enum InputType
{
    Text,
    Number,
    CollectionSelect,
    RadioSelect,

    /// <summary>Value <c>{"run_days":"0,3","schedule":"23:15"}</c>: days of the week, 0 is Sunday; UTC.</summary>
    DaysAndHour,
    Checkbox,
}

public sealed record InputField
{
    public required string Id { get; init; }

    /// <summary>Of each item where <see cref="IsArray"/>.</summary>
    public required InputType Type { get; init; }

    public bool IsArray { get; init; }

    public required string Label { get; init; }

    /// <summary>What a CollectionSelect chooses from; null for all others. The value is the id of what was chosen.</summary>
    public InputCollection? Collection { get; init; }

    public JsonNode? InitialValue { get; init; }

    public string? HelpText { get; init; }

    public bool Required { get; init; }

    /// <summary>Stored sealed, shown never again.</summary>
    public bool Sensitive { get; init; }

    public IReadOnlyList<InputOption> Options { get; init; } = [];

    /// <summary>JsonLogic over the inputs; visible only if it yields exactly <c>true</c>. Wins over <see cref="ShowIfAll"/>.</summary>
    public JsonNode? ShowIf { get; init; }

    public IReadOnlyList<FieldCondition> ShowIfAll { get; init; } = [];

    /// <summary>What an item of the collection must have to be offered.</summary>
    public IReadOnlyList<FieldCondition> Filters { get; init; } = [];

    public decimal? Minimum { get; init; }

    public decimal? Maximum { get; init; }

    public decimal? Step { get; init; }
}

public sealed record InputOption(JsonNode? Value, string? Label, string? HelpText);

public sealed record FieldCondition(string Field, JsonNode? Value);

public abstract record InputCollection
{
    public sealed record Deployments : InputCollection;

    public sealed record Secrets : InputCollection;

    /// <param name="DeploymentKind">Null in the legacy form, which names the type alone.</param>
    public sealed record Resources(string? DeploymentKind, string Type) : InputCollection;
}

/// <summary>One input's value, or with <see cref="Property"/> a property of what it refers to.</summary>
public sealed record InputReference(string Input, string? Property);

/// <param name="Path">Keys, and the tokens <c>[N]</c>, <c>[+]</c> (append), <c>[=]</c> (last).</param>
public sealed record ValueOutput(IReadOnlyList<string> Path, InputReference Value);

/// <summary>A Kubernetes Secret that is made in the deployment's namespace before Helm runs.</summary>
public sealed record SecretOutput(string Name, IReadOnlyDictionary<string, InputReference> Keys);
