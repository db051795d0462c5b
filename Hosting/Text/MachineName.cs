namespace Shortline.Hosting;

/// <summary>Makes names for processes that were started without one.</summary>
public static class MachineName
{
    /// <summary>The machine's name, in the characters allowed in names of processes, and a number that is unique on the machine.</summary>
    public static string With(int number) => Of(Environment.MachineName, number);

    internal static string Of(string machine, int number)
    {
        var suffix = $"-{number}";
        var name = ShortName.From(machine);
        return name[..Math.Min(name.Length, ShortName.Longest - suffix.Length)] + suffix;
    }
}
