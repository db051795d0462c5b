using System.Text.Json.Serialization;

namespace Shortline.Client.Files;

/// <summary>Payloads and results of the operations <c>directory</c> and <c>file</c>, and the note beside a download.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DirectoryAsk))]
[JsonSerializable(typeof(ChunkAsk))]
[JsonSerializable(typeof(ChecksumAsk))]
[JsonSerializable(typeof(StreamAsk))]
[JsonSerializable(typeof(ChunkAnswer))]
[JsonSerializable(typeof(ChecksumAnswer))]
[JsonSerializable(typeof(PartNote))]
internal sealed partial class FileJson : JsonSerializerContext;

internal sealed record DirectoryAsk(string? Name, string? After);

internal sealed record ChunkAsk(string Name, long Offset, int Length);

internal sealed record ChecksumAsk(string Name, string Checksum);

internal sealed record StreamAsk(int Id, string Operation, StreamWorkAsk Payload);

internal sealed record StreamWorkAsk(string Name, long Offset, bool Stream);

internal sealed record ChunkAnswer(long Offset, long? Length, long Size, string? Modified, byte[]? Data);

internal sealed record ChecksumAnswer(long Size, string? Modified, string? Sha256);
