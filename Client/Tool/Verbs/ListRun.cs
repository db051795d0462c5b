using Shortline.Client.Files;
using Shortline.Hosting.Start;
using Shortline.Hosting.Text;

namespace Shortline.Client.Tool.Verbs;

/// <summary>Runs the verb <c>ls</c>: prints the names in a directory, one a line, with a <c>/</c> behind directories.</summary>
internal sealed class ListRun(ShortlineClientOptions options, string? directory, TextWriter output, TextWriter error)
{
    private const int LongestText = 1000;

    public async Task<int> RunAsync(CancellationToken stop)
    {
        using var client = new ShortlineClient(options);
        try
        {
            await foreach (var entry in new RemoteFiles(client).ListAsync(directory, stop))
                await output.WriteLineAsync(SafeText.Of(entry.Name, LongestText) + (entry.IsDirectory ? "/" : ""));
            return 0;
        }
        catch (FileTransferException fault)
        {
            await error.WriteLineAsync(SafeText.Of(fault.Message, LongestText));
            return ProgramStart.Failed;
        }
    }
}
