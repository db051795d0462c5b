namespace Shortline.Hosting;

/// <summary>Names for processes that were given none.</summary>
public static class MachineName
{
    /// <summary>The machine's name and a number that is unique on it, with no characters but those that names of processes may have.</summary>
    public static string With(int number) => Of(Environment.MachineName, number);

    internal static string Of(string machine, int number)
    {
        var suffix = $"-{number}";
        var name = ShortName.From(machine);
        return name[..Math.Min(name.Length, ShortName.Longest - suffix.Length)] + suffix;
    }
}
