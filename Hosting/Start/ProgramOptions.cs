using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Shortline.Hosting.Settings.Sources;
using Shortline.Hosting.Text;

namespace Shortline.Hosting.Start;

/// <summary>The parts of the command line that programs have in common.</summary>
public static class ProgramOptions
{
    /// <summary><c>--name</c>: the name of the process.</summary>
    /// <param name="what">What the process is: <c>silo</c>.</param>
    /// <param name="otherwise">The name of a process without the option, as the help describes it.</param>
    public static Option<string?> Name(string what, string otherwise) => new("--name")
    {
        Description = $"The {what}'s name in logs and on the dashboard; without it {otherwise}.",
        HelpName = "NAME",
        Validators = { CheckName },
    };

    /// <summary><c>--config</c>: the settings file.</summary>
    public static Option<string?> Config() => new("--config")
    {
        Description = $"The settings file, which must exist. Without it {SettingsSources.DefaultFile} is read if it exists.",
        HelpName = "FILE",
    };

    /// <summary>Parses the words that are not settings, and runs the command.</summary>
    public static Task<int> InvokeAsync(RootCommand command, SettingsArguments settings)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(settings);
        var parser = new ParserConfiguration { ResponseFileTokenReplacer = null };

        // The host handles signals, and ProgramStart handles exceptions.
        var invocation = new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false };
        var parsed = command.Parse([.. settings.Others], parser);
        if (parsed.Action is ParseErrorAction error)
            error.ShowHelp = false; // The help is long: the error would scroll away.
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
