using System.Globalization;
using Platz.Sandbox.Store;

namespace Platz.Sandbox.Kubelet;

/// <summary>The options of the log subresource.</summary>
internal sealed record LogQuery(bool Follow, bool Timestamps, long? Since, long? TailLines, long? LimitBytes)
{
    public static LogQuery Parse(IQueryCollection query, string pod, DateTimeOffset now)
    {
        var errors = new List<FieldError>();
        var tail = Number(query, "tailLines", 0, errors);
        var limit = Number(query, "limitBytes", 1, errors);
        var seconds = Number(query, "sinceSeconds", 1, errors);
        if (errors.Count > 0)
        {
            throw ApiException.Invalid("PodLogOptions", new() { ["name"] = pod, ["kind"] = "PodLogOptions" }, pod,
                errors);
        }

        var since = seconds is { } ago ? now.AddSeconds(-ago) : Time(query["sinceTime"].ToString());
        return new LogQuery(Flag(query, "follow"), Flag(query, "timestamps"), Nanoseconds(since, query), tail, limit);
    }

    public static bool Flag(IQueryCollection query, string name) => query[name].ToString() is "true" or "1";

    private static long? Number(IQueryCollection query, string name, long least, List<FieldError> errors)
    {
        var text = query[name].ToString();
        if (text.Length == 0)
        {
            return null;
        }

        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            throw ApiException.BadRequest($"strconv.ParseInt: parsing \"{text}\": invalid syntax");
        }

        if (number < least)
        {
            errors.Add(FieldError.Invalid(name, text, $"must be greater than {(least == 0 ? "or equal to 0" : "0")}"));
        }

        return number;
    }

    private static DateTimeOffset? Time(string text)
    {
        if (text.Length == 0)
        {
            return null;
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw ApiException.BadRequest($"parsing time \"{text}\" as \"2006-01-02T15:04:05Z07:00\": cannot parse");
    }

    /// <summary>Ticks are 100 ns; the nine digits a log line was stamped with must find their way back whole.</summary>
    private static long? Nanoseconds(DateTimeOffset? since, IQueryCollection query)
    {
        if (since is not { } time)
        {
            return null;
        }

        var digits =
            query["sinceTime"].ToString().Split('.').ElementAtOrDefault(1)?.TakeWhile(char.IsAsciiDigit).ToArray();
        var whole = time.ToUnixTimeSeconds() * 1_000_000_000;
        return digits is { Length: > 0 } fraction
            ? whole + long.Parse(new string(fraction).PadRight(9, '0')[..9], CultureInfo.InvariantCulture)
            : (time - DateTimeOffset.UnixEpoch).Ticks * 100;
    }
}
