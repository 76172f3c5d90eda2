using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Platz.Bench.Seed;
using Platz.Core.Data;
using Platz.Core.Tasks;
using Platz.Tests.Support;

namespace Platz.Tests.Core.Tasks;

/// <summary>A database with many tasks, for all the tests of a class, which only read.</summary>
public abstract class LargeHistory(PostgresServer postgres, int rows, int big) : DatabaseTest(postgres)
{
    internal Recorder Commands { get; } = new();

    public new TaskHistory History => base.History;

    public TaskSearch Search => Services.GetRequiredService<TaskSearch>();

    public new IServiceProvider Services => base.Services;

    public T Get<T>() where T : notnull => Services.GetRequiredService<T>();

    public new NpgsqlDataSource Source => base.Source;

    public Task<PlatzDb> OpenAsync() => DbAsync();

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await TaskSeed.PlantAsync(Source, rows, big, CancellationToken.None);
    }

    protected override void ConfigureServices(IServiceCollection services)
    {
        base.ConfigureServices(services);
        services.ConfigureDbContext<PlatzDb>(options => options.AddInterceptors(Commands));
    }

    /// <summary>Keeps what EF Core sends, to be explained.</summary>
    internal sealed class Recorder : DbCommandInterceptor
    {
        private readonly List<NpgsqlCommand> _commands = [];

        public List<NpgsqlCommand> Take()
        {
            var taken = _commands.ToList();
            _commands.Clear();
            return taken;
        }

        public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result,
            CancellationToken cancellationToken = default)
        {
            _commands.Add(((NpgsqlCommand)command).Clone());
            return new(result);
        }
    }
}
