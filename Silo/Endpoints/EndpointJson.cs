using System.Text.Json.Serialization;

namespace Shortline.Silo;

/// <summary>Payloads that endpoints read themselves.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(StreamWork))]
internal sealed partial class EndpointJson : JsonSerializerContext;
