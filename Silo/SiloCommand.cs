using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Shortline.Balancing;
using Shortline.Hosting;

namespace Shortline.Silo;

/// <summary>The silo as a program: its command line, from the first option to the exit code.</summary>
public static partial class SiloCommand
{
    private const int LongestName = 64;

    private static readonly Option<bool> Gateway = new("--gateway")
    {
        Description = "Host a gateway too: clients send to load_balancer.client_side_port of this process.",
    };

    private static readonly Option<string> Name = new("--name")
    {
        Description = "The silo's name in logs and on the dashboard.",
        HelpName = "NAME",
        DefaultValueFactory = _ => new SiloHostOptions().Name,
        Validators = { CheckName },
    };

    private static readonly Option<string?> Config = new("--config")
    {
        Description = $"The settings file, which has to be there. Without it {SettingsSources.DefaultFile} is read if it is there.",
        HelpName = "FILE",
    };

    /// <summary>Runs a silo until it is asked to end.</summary>
    /// <param name="args">The program's arguments.</param>
    /// <param name="configure">Adds to the silo: the work handlers of the program that this is called from.</param>
    /// <returns>The program's exit code.</returns>
    public static Task<int> RunAsync(string[] args, Action<HostApplicationBuilder>? configure = null)
    {
        var settings = SettingsArguments.Split(args);
        var description = $"Hosts Shortline's servers. Start it again to add a silo.\n\n{SettingsArguments.Help}";
        var command = new RootCommand(description) { Gateway, Name, Config };
        command.SetAction((parsed, _) => RunAsync(parsed, settings, configure));
        var parser = new ParserConfiguration { ResponseFileTokenReplacer = null };

        // Signals and exceptions are the business of ProgramStart.
        var invocation = new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false };
        var parsed = command.Parse([.. settings.Others], parser);
        if (parsed.Action is ParseErrorAction error)
            error.ShowHelp = false; // The fault would scroll away; --help is there for the asking.
        return parsed.InvokeAsync(invocation);
    }

    private static Task<int> RunAsync(ParseResult parsed, SettingsArguments arguments, Action<HostApplicationBuilder>? configure)
    {
        var options = new SiloHostOptions { Name = parsed.GetRequiredValue(Name), Gateway = parsed.GetValue(Gateway) };
        var sources = SettingsSources.OfProcess(arguments, parsed.GetValue(Config), BalancingPolicies.Names);
        return ProgramStart.RunAsync(
            sources,
            (result, stop) => ProgramHost.RunAsync(
                SiloHost.Build(result.Settings!, options, configure),
                loggers =>
                {
                    var log = loggers.CreateLogger(LogCategories.Silo(options.Name));
                    SettingsRead(log, result.Notice);
                    Ready(log, options.Name, options.Gateway ? "hosts a gateway" : "hosts no gateway (--gateway)");
                },
                stop));
    }

    private static void CheckName(OptionResult result)
    {
        if (result.Implicit)
            return;
        var name = result.Tokens is [var token] ? token.Value : "";
        if (name.Length is 0 or > LongestName || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
            result.AddError($"--name takes 1 to {LongestName} letters, digits, '-', '_' or '.'.");
    }

    [LoggerMessage(1001, LogLevel.Information, "{Notice}")]
    private static partial void SettingsRead(ILogger log, string notice);

    [LoggerMessage(1002, LogLevel.Information, "Silo {Name} is ready and {Gateway}; end it with Ctrl-C")]
    private static partial void Ready(ILogger log, string name, string gateway);
}
