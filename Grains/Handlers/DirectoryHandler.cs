using System.Buffers;
using System.Text.Json;
using Shortline.Grains.Files;

namespace Shortline.Grains.Handlers;

/// <summary>
/// Operation <c>directory</c>: lists a directory of <c>server.file_root</c>; each name has the type <c>file</c> or <c>directory</c>.
/// </summary>
internal sealed class DirectoryHandler(FileRoot root) : IWorkHandler
{
    public const string Operation = "directory";

    /// <summary>The member whose value is the name after which the list continues. No file can have this name.</summary>
    public const string More = "/";

    /// <summary>Entries of one answer at most.</summary>
    public const int MaxEntries = 1000;

    /// <summary>
    /// Bytes after which an answer ends. One more entry, of at most 1024 characters of six bytes each, and <see cref="More"/> still fit
    /// then.
    /// </summary>
    private const int EnoughBytes = 50_000;

    public ValueTask<WorkOutcome> Handle(WorkRequest request, IBufferWriter<byte> result, CancellationToken cancellationToken)
    {
        var work = new DirectoryWork();
        if (!request.Payload.IsEmpty && !request.TryRead(WorkJson.Default.DirectoryWork, out work, out var invalid))
            return new(invalid);
        if (!root.TryOpenDirectory(work.Name, out var directory, out var refusal))
            return new(WorkOutcome.Invalid(refusal));

        using (directory)
            Write(directory, work.After, result, cancellationToken);
        return new(WorkOutcome.Ok);
    }

    /// <summary>Writes the result of the operation.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="after">Only names after this one; null for all.</param>
    /// <param name="result">Receives the JSON object.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    public static void Write(ServedDirectory directory, string? after, IBufferWriter<byte> result, CancellationToken cancellationToken)
    {
        using var json = new Utf8JsonWriter(result);
        json.WriteStartObject();
        var names = directory.Names(after, MaxEntries + 1, cancellationToken);
        var looked = 0;
        string? last = null;
        foreach (var name in names)
        {
            if (looked == MaxEntries || json.BytesCommitted + json.BytesPending > EnoughBytes)
            {
                json.WriteString(More, last);
                break;
            }

            if (TypeOf(directory.KindOf(name)) is { } type)
                json.WriteString(name, type);
            (looked, last) = (looked + 1, name);
        }

        json.WriteEndObject();
    }

    private static string? TypeOf(FileKind kind) => kind switch
    {
        FileKind.File => "file",
        FileKind.Directory => "directory",
        _ => null,
    };
}

/// <summary>The payload of <c>directory</c>.</summary>
internal sealed record DirectoryWork(string? Name = null, string? After = null);
