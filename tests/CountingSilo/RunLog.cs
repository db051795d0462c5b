using System.Buffers;
using System.Text;
using Shortline.Grains.Handlers;

namespace Shortline.CountingSilo;

/// <summary>
/// The work handler: records that a request has run, then echoes its payload. A line is one unbuffered write to a file of this process. The
/// kernel keeps it even if the process is killed in the next instant, so no run is missing.
/// </summary>
internal sealed class RunLog : IDisposable
{
    private readonly Lock _lock = new();
    private readonly FileStream _file;

    /// <param name="folder">The existing folder of the files of all processes of a test.</param>
    public RunLog(string folder) => _file = new FileStream(
        Path.Combine(folder, $"{Environment.ProcessId}.runs"), FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);

    public ValueTask<WorkOutcome> Handle(WorkRequest request, IBufferWriter<byte> result, CancellationToken cancellationToken)
    {
        var line = Encoding.UTF8.GetBytes($"{request.ClientId} {Encoding.UTF8.GetString(request.Id.Span)}\n");
        lock (_lock)
            _file.Write(line);
        result.Write(request.Payload.Span);
        return new(WorkOutcome.Ok);
    }

    public void Dispose() => _file.Dispose();
}
