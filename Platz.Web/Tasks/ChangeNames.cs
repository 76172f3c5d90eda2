using Platz.Core.Charts.Extensions;
using Platz.Core.Deployments;
using Platz.Core.Values;

namespace Platz.Web.Tasks;

/// <summary>What a form calls the parts of a config that were changed.</summary>
/// <param name="inputs">Of the form after the change, then of the one before it.</param>
internal sealed class ChangeNames(IReadOnlyList<InputField> inputs)
{
    /// <summary>The label of the input, and what lies inside its value; the path where no form knows it.</summary>
    public string LabelOf(ConfigChange change) => Inputs(change).FirstOrDefault() is not { } input
        ? change.Path
        : change.Path.Length == Path(input).Length
            ? input.Label
            : $"{input.Label}: {change.Path[(Path(input).Length + 1)..]}";

    /// <summary>Whether it is, or was before: an older value may stand in the change as it was typed.</summary>
    public bool IsSensitive(ConfigChange change) =>
        SealedJson.IsMask(change.Old) || SealedJson.IsMask(change.New) || Inputs(change).Any(input => input.Sensitive);

    private IEnumerable<InputField> Inputs(ConfigChange change) => inputs.Where(input =>
        change.Path == Path(input) || change.Path.StartsWith($"{Path(input)}.", StringComparison.Ordinal));

    private static string Path(InputField input) => ConfigDiff.Escape(input.Id);
}
