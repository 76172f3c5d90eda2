namespace Platz.Web;

public sealed class Program
{
    public static async Task<int> Main(string[] args)
    {
        try
        {
            return await Commands.RunAsync(args);
        }
        catch (Exception e) when (StartUpTrouble.Explain(e) is { } trouble)
        {
            await Console.Error.WriteLineAsync($"platz: {trouble}");
            return 1;
        }
    }
}
