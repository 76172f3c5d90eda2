using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Platz.Web.Security;

/// <summary>
/// Writes each event of the log as one line, as the framework does, and what others have said in it so that it neither
/// ends the line nor tells a terminal anything.
/// </summary>
internal sealed class OneLineFormatter(IServiceProvider services) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "one-line";

    /// <summary>Not in the constructor: this is one of those that are asked for there.</summary>
    private ConsoleFormatter Simple => field ??=
        services.GetServices<ConsoleFormatter>().Single(formatter => formatter.Name == ConsoleFormatterNames.Simple);

    public override void Write<TState>(
        in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var text = Escape(logEntry.Formatter(logEntry.State, logEntry.Exception));
        if (logEntry.Exception is { } exception)
        {
            text = $"{text} {Escape(exception.ToString().ReplaceLineEndings(" "))}";
        }

        Simple.Write(
            new LogEntry<string>(
                logEntry.LogLevel, logEntry.Category, logEntry.EventId, text, exception: null, (line, _) => line),
            scopeProvider, textWriter);
    }

    private static string Escape(string text)
    {
        if (!text.Any(IsDangerous))
        {
            return text;
        }

        var escaped = new StringBuilder(text.Length + 16);
        foreach (var c in text)
        {
            _ = IsDangerous(c) ? escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}") : escaped.Append(c);
        }

        return escaped.ToString();
    }

    private static bool IsDangerous(char c) => char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}

internal static class OneLineLogging
{
    public static void AddOneLineConsole(this ILoggingBuilder logging)
    {
        logging.AddSimpleConsole(console => console.SingleLine = true);
        logging.AddConsole(console => console.FormatterName = OneLineFormatter.FormatterName);
        logging.Services.AddSingleton<ConsoleFormatter, OneLineFormatter>();
    }
}
