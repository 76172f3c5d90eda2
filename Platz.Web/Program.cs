namespace Platz.Web;

public sealed class Program
{
    public static void Main() => Console.WriteLine("Platz.Web");
}
