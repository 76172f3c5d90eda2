namespace Platz.Runner;

public sealed class Program
{
    public static void Main() => Console.WriteLine("Platz.Runner");
}
