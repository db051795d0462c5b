using Shortline.Client.Files;
using Shortline.Hosting.Start;
using Shortline.Hosting.Text;

namespace Shortline.Client.Tool.Verbs;

/// <summary>Runs the verb <c>get</c>: downloads a file, shows the progress, prints the summary.</summary>
internal sealed class GetRun(ShortlineClientOptions options, string name, string path, bool force, TextWriter output, TextWriter error)
{
    private const int LongestFault = 1000;

    public async Task<int> RunAsync(CancellationToken stop)
    {
        using var client = new ShortlineClient(options);
        var download = new FileDownload(new RemoteFiles(client), name, path, new FileDownloadOptions { Overwrite = force });
        var started = TimeProvider.System.GetTimestamp();
        var run = download.RunAsync(stop);
        await new LiveLine(output).ShowAsync(
            run, () => Task.FromResult(DownloadText.Line(download.Progress, TimeProvider.System.GetElapsedTime(started))));
        try
        {
            await run;
            await output.WriteLineAsync(DownloadText.End(path, download.Progress, TimeProvider.System.GetElapsedTime(started)));
            return 0;
        }
        catch (FileTransferException fault)
        {
            await error.WriteLineAsync(SafeText.Of(fault.Message, LongestFault) + Advice(download));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await error.WriteLineAsync("Stopped." + Advice(download));
        }

        return ProgramStart.Failed;
    }

    private string Advice(FileDownload download) =>
        File.Exists($"{path}.part") && download.Progress is { Received: > 0, Verifying: false }
            ? $" What is here stays in {path}.part: the same command goes on with it."
            : !force && File.Exists(path) ? " --force replaces it." : "";
}
