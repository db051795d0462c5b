using System.Text.Json.Serialization;

namespace Shortline.Grains.Handlers;

/// <summary>Payloads and results of the built-in operations.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(ComputeWork))]
[JsonSerializable(typeof(DirectoryWork))]
[JsonSerializable(typeof(FileWork))]
[JsonSerializable(typeof(HashWork))]
[JsonSerializable(typeof(HashResult))]
internal sealed partial class WorkJson : JsonSerializerContext;
