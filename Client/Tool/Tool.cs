using System.CommandLine;
using Microsoft.Extensions.Logging;
using Shortline.Balancing;
using Shortline.Hosting;

namespace Shortline.Client;

/// <summary>The command-line tool: a thin shell over <see cref="LoadDriver"/>.</summary>
internal static class Tool
{
    private const int WrongUsage = 2;

    /// <summary>Runs it.</summary>
    /// <returns>0 if every request was answered <c>ok</c>, 1 if not or if it could not start, 2 if the command line is wrong.</returns>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error)
    {
        var settings = SettingsArguments.Split(args);
        var options = new ToolOptions();
        var parsed = options.Command.Parse(settings.Others);
        if (parsed.Errors.Count > 0)
        {
            foreach (var fault in parsed.Errors.Select(fault => fault.Message).Distinct(StringComparer.Ordinal))
                await error.WriteLineAsync(fault);
            await error.WriteLineAsync("--help lists the options.");
            return WrongUsage;
        }

        if (parsed.Action is not null)
            return await parsed.InvokeAsync(new InvocationConfiguration { Output = output, Error = error }); // --help, --version

        var sources = SettingsSources.OfProcess(settings, options.Config(parsed), BalancingPolicies.Names);
        return await ProgramStart.RunAsync(
            sources,
            async (result, stop) =>
            {
                using var logs = LoggerFactory.Create(logging => logging.AddShortlineLogs(result.Settings!.Logs, LogCategories.ClientTool, console: false));
                return await new ToolRun(options.Load(parsed, result.Settings!), options.Report(parsed), logs, output, error).RunAsync(stop);
            },
            error);
    }
}
