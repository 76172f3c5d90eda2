using System.Text.Json;
using System.Text.Json.Nodes;

namespace Platz.Web.Inputs;

/// <summary>The value of a DaysAndHour, for people.</summary>
/// <param name="Days">0 is Sunday.</param>
/// <param name="Hour">UTC, <c>23:15</c>.</param>
internal sealed record Schedule(IReadOnlySet<int> Days, string Hour)
{
    public const string DaysKey = "run_days";

    public const string HourKey = "schedule";

    private const string FirstHour = "00:00";

    /// <summary>From Monday, as people write weeks here.</summary>
    public static IReadOnlyList<(int Number, string Short, string Name)> Week { get; } =
    [
        (1, "Mon", "Monday"), (2, "Tue", "Tuesday"), (3, "Wed", "Wednesday"), (4, "Thu", "Thursday"),
        (5, "Fri", "Friday"), (6, "Sat", "Saturday"), (0, "Sun", "Sunday"),
    ];

    public string Words => Days.Count == 0 ? $"On no day (at {Hour} UTC)" : $"{DayWords} at {Hour} UTC";

    private string DayWords => Days.Count switch
    {
        0 => "On no day",
        7 => "Every day",
        _ => string.Join(", ", Week.Where(day => Days.Contains(day.Number)).Select(day => day.Short)),
    };

    /// <summary>Reads what others have written too, as far as it can be made out.</summary>
    public static Schedule Read(JsonNode? value)
    {
        var days = Text(value, DaysKey)?.Split(',', StringSplitOptions.TrimEntries)
            .Where(day => day is [>= '0' and <= '6']).Select(day => day[0] - '0');
        return new Schedule((days ?? []).ToHashSet(), Text(value, HourKey) ?? FirstHour);
    }

    /// <summary>The days alone, in words.</summary>
    public static string DaysOf(JsonNode days) => Read(new JsonObject { [DaysKey] = days.DeepClone() }).DayWords;

    public JsonObject ToJson() => new() { [DaysKey] = string.Join(',', Days.Order()), [HourKey] = Hour };

    public Schedule With(int day, bool runs) => this with { Days = Days.Where(d => d != day).Concat(runs ? [day] : []).ToHashSet() };

    private static string? Text(JsonNode? value, string key) =>
        value is JsonObject item && item[key] is { } text && text.GetValueKind() is JsonValueKind.String
            ? text.GetValue<string>()
            : null;
}
