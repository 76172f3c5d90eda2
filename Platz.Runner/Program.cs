using Npgsql;
using Platz.Core.Catalog;
using Platz.Runner;

var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings
{
    Args = args,
    ContentRootPath = AppContext.BaseDirectory,
});
builder.Services.AddPlatzRunner(builder.Configuration);
try
{
    await builder.Build().RunAsync();
    return 0;
}
catch (Exception e) when (e is Microsoft.Extensions.Options.OptionsValidationException or InvalidOperationException
    or NpgsqlException or KeyRingException)
{
    await Console.Error.WriteLineAsync($"The runner cannot start: {e.Message}");
    return 1;
}
