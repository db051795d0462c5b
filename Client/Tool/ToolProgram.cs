using System.CommandLine;
using Microsoft.Extensions.Logging;
using Shortline.Balancing.Choosing;
using Shortline.Client.Files;
using Shortline.Client.Tool.Load;
using Shortline.Client.Tool.Verbs;
using Shortline.Hosting.Logs;
using Shortline.Hosting.Settings;
using Shortline.Hosting.Settings.Sources;
using Shortline.Hosting.Start;

namespace Shortline.Client.Tool;

/// <summary>
/// The command-line tool: a thin shell over <see cref="LoadDriver"/>, <see cref="FileDownload"/> and <see cref="ShortlineClient"/>.
/// </summary>
internal static class ToolProgram
{
    /// <summary>Runs the tool.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="input">Standard input.</param>
    /// <param name="output">Standard output.</param>
    /// <param name="error">Standard error.</param>
    /// <param name="bytes">Standard output for the content of files; null opens that of the process.</param>
    /// <returns>
    /// 0 if every request was answered <c>ok</c>, or the file was downloaded; 1 if not, or if the tool could not start; 2 if the command
    /// line is wrong. <c>ask</c>: see <see cref="AskRun"/>.
    /// </returns>
    public static async Task<int> RunAsync(string[] args, TextReader input, TextWriter output, TextWriter error, Stream? bytes = null)
    {
        var settings = SettingsArguments.Split(args);
        var options = new ToolOptions();
        options.Command.SetAction((parsed, _) => StartAsync(parsed, async (all, stop) =>
        {
            using var logs = LoggerFactory.Create(logging => logging.AddShortlineLogs(all.Logs, LogCategories.ClientTool, console: false));
            return await new LoadRun(options.Load(parsed, all), options.Report(parsed), logs, output, error).RunAsync(stop);
        }));
        options.Files.List.SetAction((parsed, _) => StartAsync(
            parsed, (all, stop) => options.Files.ListRun(parsed, options.Client(parsed, all), output, error).RunAsync(stop)));
        options.Files.Get.SetAction((parsed, _) => StartAsync(
            parsed, (all, stop) => options.Files.GetRun(parsed, options.Client(parsed, all), output, error, bytes).RunAsync(stop)));
        options.Compute.Command.SetAction((parsed, _) => StartAsync(
            parsed, (all, stop) => options.Compute.Run(parsed, options.Client(parsed, all), options.HasTimeout(parsed), output, error).RunAsync(stop)));

        options.Ask.Command.SetAction((parsed, _) => StartAsync(parsed, (all, stop) => options.AskRun(parsed, all, input, output, error).RunAsync(stop)));

        return await ProgramStart.RunAsync(() => ProgramOptions.InvokeAsync(ProgramOptions.Parse(options.Command, settings), output, error), error);

        Task<int> StartAsync(ParseResult parsed, Func<ShortlineSettings, CancellationToken, Task<int>> run) => ProgramStart.RunAsync(
            SettingsSources.OfProcess(settings, options.Config(parsed), BalancingPolicies.Names),
            result => StopSignals.RunAsync(async stop =>
            {
                try
                {
                    return await run(result.Settings!, stop);
                }
                catch (NoFreePortException fault)
                {
                    throw new StartFailedException(fault.Message, fault);
                }
            }),
            error);
    }
}
