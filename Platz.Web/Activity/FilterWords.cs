using Platz.Core.Activity;

namespace Platz.Web.Activity;

/// <summary>Says in words what one part of a filter asks for.</summary>
public sealed record FilterWords(FilterNames Names, Func<DateTimeOffset, string> Time)
{
    public string Of((string Name, string Value) part) => part.Name switch
    {
        TaskFilterQuery.Actor => $"by {NameOf(part.Value.Split(':')[^1], "somebody unknown")}",
        TaskFilterQuery.Kind => $"kind {part.Value}",
        TaskFilterQuery.Cluster => $"on {NameOf(part.Value, "an unknown cluster")}",
        TaskFilterQuery.Deployment => NameOf(part.Value, "an unknown deployment"),
        TaskFilterQuery.From => $"from {TimeOf(part)}",
        TaskFilterQuery.To => $"until {TimeOf(part)}",
        TaskFilterQuery.Text => $"“{part.Value}”",
        ActivityQuery.TimeRange => TimeRanges.All.First(range => range.Value == part.Value).Name,
        ActivityQuery.By => "by CI bots",
        _ => part.Value,
    };

    private string NameOf(string id, string unknown) =>
        Guid.TryParse(id, out var found) && Names.ById.TryGetValue(found, out var name) ? name : unknown;

    private string TimeOf((string Name, string Value) part)
    {
        var filter = TaskFilterQuery.Parse($"{part.Name}={Uri.EscapeDataString(part.Value)}").Filter;
        return (filter.CreatedFrom ?? filter.CreatedTo) is { } time ? Time(time) : part.Value;
    }
}
