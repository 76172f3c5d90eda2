namespace Platz.Sandbox;

public sealed class Program
{
    public static void Main() => Console.WriteLine("Platz.Sandbox");
}
