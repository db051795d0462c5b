namespace Shortline.Hosting.Text;

/// <summary>Names of processes that were started without a name.</summary>
public static class MachineName
{
    /// <summary>
    /// The machine's name and a number that is unique on the machine, as a name with only the characters that names may have.
    /// </summary>
    public static string With(int number) => Of(Environment.MachineName, number);

    internal static string Of(string machine, int number)
    {
        var suffix = $"-{number}";
        var name = ShortName.From(machine);
        return name[..Math.Min(name.Length, ShortName.Longest - suffix.Length)] + suffix;
    }
}
