using System.CommandLine;
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
    /// <returns>The exit code of the command; <see cref="ProgramStart.WrongUsage"/> if the words are wrong.</returns>
    public static Task<int> InvokeAsync(RootCommand command, SettingsArguments settings)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(settings);
        return ProgramStart.RunAsync(() => InvokeAsync(Parse(command, settings), Console.Out, Console.Error));
    }

    /// <summary>Parses the words that are not settings.</summary>
    public static ParseResult Parse(Command command, SettingsArguments settings)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(settings);
        return command.Parse([.. settings.Others], new ParserConfiguration { ResponseFileTokenReplacer = null });
    }

    /// <summary>Runs what was parsed, or reports what is wrong with it.</summary>
    public static async Task<int> InvokeAsync(ParseResult parsed, TextWriter output, TextWriter error)
    {
        if (HasFaults(parsed, error))
            return ProgramStart.WrongUsage;

        // The host, or StopSignals, handles signals, and ProgramStart handles exceptions.
        return await parsed.InvokeAsync(
            new InvocationConfiguration { Output = output, Error = error, ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false });
    }

    /// <summary>Reports what is wrong with the words, in a line for each fault. The help is long: the faults would scroll away.</summary>
    public static bool HasFaults(ParseResult parsed, TextWriter error)
    {
        ArgumentNullException.ThrowIfNull(parsed);
        ArgumentNullException.ThrowIfNull(error);
        var faults = UnknownOptions.Of(parsed);
        if (faults.Count == 0)
            faults = [.. parsed.Errors.Select(fault => fault.Message).Distinct(StringComparer.Ordinal)];
        foreach (var fault in faults)
            error.WriteLine(fault);
        if (faults.Count > 0)
            error.WriteLine("--help lists the options.");
        return faults.Count > 0;
    }

    private static void CheckName(OptionResult result)
    {
        if (result.Implicit)
            return;
        if (!ShortName.IsOne(result.Tokens is [var token] ? token.Value : ""))
            result.AddError($"--name takes 1 to {ShortName.Longest} letters, digits, '-', '_' or '.'.");
    }
}
