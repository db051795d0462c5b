using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;
using Shortline.Hosting.Text;

namespace Shortline.Hosting.Start;

/// <summary>
/// Parsers for the values of options that several programs have. The parsers of System.CommandLine read <c>1,5</c> as 15, because a comma
/// may separate thousands.
/// </summary>
internal static class OptionValues
{
    /// <summary>Parses a number within a range: digits, and a decimal point if it may have one.</summary>
    public static Func<ArgumentResult, T?> Number<T>(T min, T max)
        where T : struct, INumber<T> => result =>
    {
        var style = min is double ? NumberStyles.AllowDecimalPoint : NumberStyles.None;
        if (T.TryParse(TextOf(result), style, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max)
            return number;
        result.AddError($"'{TextOf(result)}' is not allowed for {NameOf(result)}: a number from {min} to {max}.");
        return null;
    };

    /// <summary>Parses a duration: <c>500ms</c>, <c>10s</c>, <c>2m</c>, <c>1h</c>.</summary>
    public static TimeSpan? Duration(ArgumentResult result)
    {
        if (DurationText.TryRead(TextOf(result), out var duration))
            return duration;
        result.AddError($"'{TextOf(result)}' is not allowed for {NameOf(result)}: {DurationText.Allowed}.");
        return null;
    }

    private static string TextOf(ArgumentResult result) => result.Tokens.Count == 0 ? "" : result.Tokens[0].Value;

    private static string NameOf(ArgumentResult result) => result.Parent switch
    {
        OptionResult option => option.Option.Name,
        CommandResult => result.Argument.Name,
        _ => "this option",
    };
}
