using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using Platz.Web.Security;

namespace Platz.Tests.Web.Security;

public sealed class OneLineFormatterTests
{
    private const string Hostile = "bob\r\ninfo: nobody[0] all is well\u001b[2J\u009b1A\u2028\u202e\0";

    [Fact]
    public void A_name_neither_breaks_a_line_nor_speaks_to_the_terminal()
    {
        var line = Write($"Hello {Hostile}!", exception: null);

        Assert.Equal(
            @"info: test[7] Hello bob\u000d\u000ainfo: nobody[0] all is well\u001b[2J\u009b1A\u2028\u202e\u0000!" + "\n", line);
    }

    [Fact]
    public void An_exception_stands_in_the_same_line()
    {
        var line = Write("It failed.", new InvalidOperationException(Hostile));

        Assert.StartsWith("info: test[7] It failed. System.InvalidOperationException: bob info: nobody", line, StringComparison.Ordinal);
        Assert.Contains(@"\u001b[2J", line, StringComparison.Ordinal);
        Assert.Equal(line.Length - 1, line.IndexOfAny(['\n', '\r', '\u001b']));
    }

    private static string Write(string message, Exception? exception)
    {
        using var services = new ServiceCollection().AddLogging(logging => logging.AddOneLineConsole()).BuildServiceProvider();
        var chosen = services.GetRequiredService<IOptions<ConsoleLoggerOptions>>().Value.FormatterName;
        var formatter = services.GetServices<ConsoleFormatter>().Single(f => f.Name == chosen);
        using var written = new StringWriter();
        formatter.Write(
            new LogEntry<string>(LogLevel.Information, "test", 7, message, exception, (text, _) => text), scopeProvider: null, written);
        return written.ToString();
    }
}
