using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;

namespace Shortline.Hosting;

/// <summary>What the command lines of programs have in common.</summary>
public static class ProgramOptions
{
    /// <summary><c>--name</c>: who a process is.</summary>
    /// <param name="what">What it is: <c>silo</c>.</param>
    /// <param name="otherwise">Its name where none is given, for people.</param>
    public static Option<string?> Name(string what, string otherwise) => new("--name")
    {
        Description = $"The {what}'s name in logs and on the dashboard; without it {otherwise}.",
        HelpName = "NAME",
        Validators = { CheckName },
    };

    /// <summary><c>--config</c>: where settings are read from.</summary>
    public static Option<string?> Config() => new("--config")
    {
        Description = $"The settings file, which has to be there. Without it {SettingsSources.DefaultFile} is read if it is there.",
        HelpName = "FILE",
    };

    /// <summary>Parses the words that are no settings, and runs the command.</summary>
    public static Task<int> InvokeAsync(RootCommand command, SettingsArguments settings)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(settings);
        var parser = new ParserConfiguration { ResponseFileTokenReplacer = null };

        // Signals and exceptions are the business of ProgramStart.
        var invocation = new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false };
        var parsed = command.Parse([.. settings.Others], parser);
        if (parsed.Action is ParseErrorAction error)
            error.ShowHelp = false; // The fault would scroll away; --help is there for the asking.
        return parsed.InvokeAsync(invocation);
    }

    private static void CheckName(OptionResult result)
    {
        if (result.Implicit)
            return;
        if (!ShortName.IsOne(result.Tokens is [var token] ? token.Value : ""))
            result.AddError($"--name takes 1 to {ShortName.Longest} letters, digits, '-', '_' or '.'.");
    }
}
