using System.CommandLine;
using System.CommandLine.Parsing;
using Shortline.Hosting.Text;

namespace Shortline.Hosting.Start;

/// <summary>
/// Finds words that look like options and are none. System.CommandLine takes them for arguments: <c>ls --long</c> would list a directory of
/// that name, and of <c>get --forec x</c> it would blame the <c>x</c>.
/// </summary>
internal static class UnknownOptions
{
    private const int LongestWord = 100;

    /// <summary>Returns a message for each such word. Words behind <c>--</c>, and values of options, are not looked at.</summary>
    public static IReadOnlyList<string> Of(ParseResult parsed)
    {
        var before = parsed.Tokens.TakeWhile(token => token.Type != TokenType.DoubleDash).Select(token => token.Value).ToHashSet(StringComparer.Ordinal);
        var command = parsed.CommandResult.Command;
        var arguments = parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens).Select(token => token.Value);
        return
        [
            .. arguments.Concat(parsed.UnmatchedTokens).Where(word => IsLikeOption(word) && before.Contains(word)).Distinct(StringComparer.Ordinal)
                .Select(word => Describe(word, command)),
        ];
    }

    /// <summary>Whether a word begins like an option, and not like a negative number.</summary>
    private static bool IsLikeOption(string word) => word.Length > 1 && word[0] == '-' && !char.IsAsciiDigit(word[1]) && word[1] != '.';

    private static string Describe(string word, Command command)
    {
        var name = word.Split('=')[0];
        var known = command.Options.Where(option => !option.Hidden).Select(option => option.Name);
        var nearest = NearestName.Of(name, known);
        return $"'{SafeText.Of(name, LongestWord)}' is not an option{(command is RootCommand ? "" : $" of {command.Name}")}"
            + (nearest is not null ? $"; did you mean {nearest}?"
                : command.Arguments.Count > 0 ? $". If it is a name: {command.Name} -- {SafeText.Of(word, LongestWord)}" : ".");
    }
}
