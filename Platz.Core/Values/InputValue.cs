using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Platz.Core.Charts.Extensions;

namespace Platz.Core.Values;

/// <summary>Whether one value, or one item of a list, has the type that its input asks for.</summary>
internal static partial class InputValue
{
    private const int MostTextBytes = 64 * 1024;
    private const int MostOptionsNamed = 10;

    public static string? Error(InputField input, JsonNode value) => input.Type switch
    {
        InputType.Text => TextError(value),
        InputType.Number => NumberError(input, value),
        InputType.Checkbox => value.GetValueKind() is JsonValueKind.True or JsonValueKind.False
            ? null : "This must be on or off (true or false).",
        InputType.RadioSelect => OptionError(input, value),
        InputType.CollectionSelect => Guid.TryParseExact(JsonScalar.Text(value), "D", out _)
            ? null : "Choose one of those offered: this must be the id (UUID) of one.",
        InputType.DaysAndHour => DaysAndHourError(value),
        _ => $"This form has an input of an unknown type, {input.Type}.",
    };

    private static string? TextError(JsonNode value) => JsonScalar.Text(value) switch
    {
        null => "This must be text.",
        var text when text.Contains('\0', StringComparison.Ordinal) => "A NUL character cannot be stored; remove it.",
        var text when Encoding.UTF8.GetByteCount(text) > MostTextBytes =>
            $"This is too long: at most {MostTextBytes / 1024} KiB.",
        _ => null,
    };

    private static string? NumberError(InputField input, JsonNode value) => JsonScalar.Number(value) switch
    {
        null => JsonScalar.IsNumber(value) ? "This number is too large." : "This must be a number.",
        { } number when number < input.Minimum => $"This must be {Plain(input.Minimum)} or more.",
        { } number when number > input.Maximum => $"This must be {Plain(input.Maximum)} or less.",
        { } number when !IsOnStep(input, number) => StepError(input),
        _ => null,
    };

    private static bool IsOnStep(InputField input, decimal number)
    {
        if (input.Step is not > 0)
        {
            return true;
        }

        try
        {
            return (number - (input.Minimum ?? 0)) % input.Step == 0;
        }
        catch (OverflowException)
        {
            return false;
        }
    }

    private static string StepError(InputField input) => input.Minimum is { } minimum && minimum % input.Step != 0
        ? $"This must be {Plain(minimum)} plus a multiple of {Plain(input.Step)}."
        : $"This must be a multiple of {Plain(input.Step)}.";

    private static string Plain(decimal? number) =>
        number?.ToString("0.############################", CultureInfo.InvariantCulture) ?? "";

    private static string? OptionError(InputField input, JsonNode value)
    {
        if (input.Options.Any(option => JsonNode.DeepEquals(option.Value, value)))
        {
            return null;
        }

        var named = input.Options.Take(MostOptionsNamed)
            .Select(option => option.Label ?? JsonScalar.Text(option.Value) ?? option.Value?.ToJsonString() ?? "null");
        return input.Options.Count > MostOptionsNamed
            ? "Choose one of the options of this chart version."
            : $"Choose one of the options: {string.Join(", ", named)}.";
    }

    private static string? DaysAndHourError(JsonNode value)
    {
        if (value is not JsonObject { Count: 2 } schedule || JsonScalar.Text(schedule["run_days"]) is not { } days
            || JsonScalar.Text(schedule["schedule"]) is not { } hour)
        {
            return """This must have days and an hour, {"run_days":"0,3","schedule":"23:15"} for example.""";
        }

        return !Days().IsMatch(days) || days.Split(',').Distinct().Count() != days.Split(',').Length
            ? "The days must be numbers from 0 (Sunday) to 6, each once, with commas between them."
            : Hour().IsMatch(hour) ? null : "The hour must be from 00:00 to 23:59 (UTC).";
    }

    [GeneratedRegex(@"^([0-6](,[0-6])*)?\z")]
    private static partial Regex Days();

    [GeneratedRegex(@"^([01][0-9]|2[0-3]):[0-5][0-9]\z")]
    private static partial Regex Hour();
}
