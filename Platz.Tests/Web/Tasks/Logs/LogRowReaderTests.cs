using Microsoft.Extensions.DependencyInjection;
using Platz.Core.Tasks;
using Platz.Core.Tasks.Logs;
using Platz.Tests.Support;
using Platz.Web.Tasks.Logs;

namespace Platz.Tests.Web.Tasks.Logs;

public sealed class LogRowReaderTests(PostgresServer postgres) : LogViewTest(postgres)
{
    [Fact]
    public async Task Empty_lines_of_two_logs_have_each_its_own_time_and_stream()
    {
        var reader = Page.Services.GetRequiredService<LogRowReader>();
        var shape = new LogShape([new(Phase.HelmUpgrade, 1, 1, LogHand.Start, LogHand.Start, 0, 0)]);
        async Task<(DateTimeOffset, LogStream)> ReadAsync(DateTimeOffset at, LogStream stream)
        {
            var state = new LogState(Log.Task, [], shape, new[] { new KeptLine(1, at, stream, "") });
            var rows = await reader.ReadAsync(
                state, new(shape, new HashSet<long>()), (1, 1), new(null, null, new HashSet<long>()), Cancel);
            var line = Assert.IsType<LogRow.Line>(Assert.Single(rows));
            return (line.At, line.Stream);
        }

        Assert.Equal((LogHand.Start, LogStream.Pod), await ReadAsync(LogHand.Start, LogStream.Pod));
        var later = LogHand.Start.AddHours(1);
        Assert.Equal((later, LogStream.Platz), await ReadAsync(later, LogStream.Platz));
    }
}
