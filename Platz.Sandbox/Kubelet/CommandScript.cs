using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Platz.Sandbox.Store;

namespace Platz.Sandbox.Kubelet;

/// <summary>One step of a simulated command.</summary>
internal abstract record CommandStep
{
    public sealed record Echo(string Text) : CommandStep;

    public sealed record Sleep(TimeSpan Time) : CommandStep;

    public sealed record Exit(int Code) : CommandStep;

    public sealed record Forever : CommandStep;
}

/// <summary>
/// Understands the few shell words that sample charts use (echo, sleep, exit, true, false, a trap on TERM). Nothing is
/// executed; a command it does not understand runs until it is stopped, or ends well where a pod is meant to end.
/// </summary>
internal sealed record CommandScript(IReadOnlyList<CommandStep> Steps, CommandScript? OnTerm)
{
    private static readonly TimeSpan s_unknownWork = TimeSpan.FromMilliseconds(300);

    public static CommandScript Of(JsonObject container, bool runsForever)
    {
        string[] words = [.. container.Texts("command"), .. container.Texts("args")];
        var script = words switch
        {
            [var shell, "-c", var text, ..] when shell.EndsWith("sh", StringComparison.Ordinal) => Parse(text),
            [] => null,
            _ => Parse(string.Join(' ',
                words.Select(word => word.Contains(' ', StringComparison.Ordinal) ? $"\"{word}\"" : word))),
        };
        return script ?? new CommandScript(
            runsForever ? [new CommandStep.Forever()] : [new CommandStep.Sleep(s_unknownWork)], null);
    }

    /// <summary>Null when it holds a word that is not understood.</summary>
    public static CommandScript? Parse(string text)
    {
        var steps = new List<CommandStep>();
        CommandScript? onTerm = null;
        foreach (var words in Commands(text))
        {
            switch (words)
            {
                case ["trap", var handler, "TERM" or "SIGTERM", ..]:
                    onTerm = Parse(handler);
                    continue;
                case ["while", ..]:
                    steps.Add(new CommandStep.Forever());
                    return new CommandScript(steps, onTerm);
            }

            if (Step(words) is not { } step)
            {
                return null;
            }

            steps.Add(step);
        }

        return new CommandScript(steps, onTerm);
    }

    private static bool IsText(string word) => word is not (">&2" or "1>&2");

    private static CommandStep? Step(List<string> words) => words switch
    {
        ["echo", .. var rest] => new CommandStep.Echo(string.Join(' ', rest.Where(IsText))),
        ["sleep", "infinity"] => new CommandStep.Forever(),
        ["sleep", var time] when double.TryParse(time, CultureInfo.InvariantCulture, out var seconds) =>
            new CommandStep.Sleep(TimeSpan.FromSeconds(Math.Clamp(seconds, 0, 86_400))),
        ["exit", var code] when int.TryParse(code, CultureInfo.InvariantCulture, out var number) =>
            new CommandStep.Exit(number & 255),
        ["exit" or "/bin/true" or "true" or ":"] => new CommandStep.Sleep(TimeSpan.Zero),
        ["/bin/false" or "false"] => new CommandStep.Exit(1),
        _ => null,
    };

    /// <summary>Splits at semicolons, double ampersands and line ends, but not within quotes.</summary>
    private static IEnumerable<List<string>> Commands(string text)
    {
        var words = new List<string>();
        foreach (var word in Words(text.Replace("&&", ";", StringComparison.Ordinal) + ";"))
        {
            if (word is not null)
            {
                words.Add(word);
            }
            else if (words.Count > 0)
            {
                yield return words;
                words = [];
            }
        }
    }

    /// <summary>The words, and null where a command ends.</summary>
    private static IEnumerable<string?> Words(string text)
    {
        var word = new StringBuilder();
        var (quote, quoted) = ('\0', false);
        foreach (var letter in text)
        {
            if (letter == quote)
            {
                quote = '\0';
            }
            else if (quote == '\0' && letter is '"' or '\'')
            {
                (quote, quoted) = (letter, true);
            }
            else if (quote != '\0' || letter is not (' ' or '\t' or ';' or '\n'))
            {
                word.Append(letter);
            }
            else
            {
                if (word.Length > 0 || quoted)
                {
                    yield return word.ToString();
                    (word, quoted) = (word.Clear(), false);
                }

                if (letter is ';' or '\n')
                {
                    yield return null;
                }
            }
        }
    }
}
