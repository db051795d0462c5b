using System.Text.Json.Serialization;

namespace Shortline.Silo.Endpoints;

/// <summary>The payload of operation <c>file</c>, if the file is requested as a stream.</summary>
internal sealed record StreamWork(string? Name = null, long Offset = 0, bool Stream = false);

/// <summary>Reads the payloads that endpoints handle themselves.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(StreamWork))]
internal sealed partial class EndpointJson : JsonSerializerContext;
