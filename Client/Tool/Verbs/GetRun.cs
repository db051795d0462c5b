using Shortline.Client.Files;
using Shortline.Hosting.Start;
using Shortline.Hosting.Text;

namespace Shortline.Client.Tool.Verbs;

/// <summary>Runs the verb <c>get</c>: downloads a file, shows the progress, prints the summary.</summary>
/// <param name="options">The options of the client.</param>
/// <param name="name">The name of the file.</param>
/// <param name="path">The path to write; null if the content goes to standard output.</param>
/// <param name="force">Whether a file that is there is replaced.</param>
/// <param name="output">Receives progress and summary.</param>
/// <param name="error">Receives messages.</param>
internal sealed class GetRun(ShortlineClientOptions options, string name, string? path, bool force, TextWriter output, TextWriter error)
{
    private const int LongestFault = 1000;

    /// <summary>Receives the content if there is no path.</summary>
    public Stream Content { get; init; } = Stream.Null;

    public async Task<int> RunAsync(CancellationToken stop)
    {
        if (path is not null)
            return await DownloadAsync(path, path, stop);

        // The content is written only when its checksum is known to be right.
        var folder = Directory.CreateTempSubdirectory("shortline-");
        try
        {
            var copy = Path.Combine(folder.FullName, "content");
            var exitCode = await DownloadAsync(copy, name, stop);
            if (exitCode != 0)
                return exitCode;
            await using var content = File.OpenRead(copy);
            await content.CopyToAsync(Content, stop);
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private async Task<int> DownloadAsync(string to, string shown, CancellationToken stop)
    {
        using var client = new ShortlineClient(options);
        var download = new FileDownload(new RemoteFiles(client), name, to, new FileDownloadOptions { Overwrite = force });
        var started = TimeProvider.System.GetTimestamp();
        var run = download.RunAsync(stop);
        await new LiveLine(output).ShowAsync(
            run, () => Task.FromResult(DownloadText.Line(download.Progress, TimeProvider.System.GetElapsedTime(started))));
        try
        {
            await run;
            await output.WriteLineAsync(DownloadText.End(shown, download.Progress, TimeProvider.System.GetElapsedTime(started)));
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
        path is null ? ""
            : File.Exists($"{path}.part") && download.Progress is { Received: > 0, Verifying: false }
            ? $" What is here stays in {path}.part: the same command goes on with it."
            : !force && File.Exists(path) ? " --force replaces it." : "";
}
