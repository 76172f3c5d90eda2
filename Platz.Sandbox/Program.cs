using System.ComponentModel.DataAnnotations;

namespace Platz.Sandbox;

public sealed class Program
{
    public static async Task<int> Main(string[] args)
    {
        try
        {
            var options = Read(args);
            await using var sandbox = await SandboxHost.StartAsync(options, CancellationToken.None);
            Console.WriteLine($"The sandbox listens on {sandbox.Url}");
            await sandbox.WaitAsync(CancellationToken.None);
            return 0;
        }
        catch (Exception refused) when (refused is ValidationException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"The sandbox cannot start: {refused.Message}");
            return 1;
        }
    }

    private static SandboxOptions Read(string[] args)
    {
        var configuration = new ConfigurationBuilder().AddEnvironmentVariables().AddCommandLine(args).Build();
        try
        {
            var options = configuration.GetSection("Sandbox").Get<SandboxOptions>() ?? new SandboxOptions();
            Validator.ValidateObject(options, new ValidationContext(options), validateAllProperties: true);
            return options;
        }
        catch (InvalidOperationException unreadable)
        {
            throw new ValidationException(unreadable.Message); // such as a port that is no number
        }
    }
}
