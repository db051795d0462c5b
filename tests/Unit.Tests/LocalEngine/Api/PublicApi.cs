using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Shortline.Unit.Tests.LocalEngine;

/// <summary>
/// What other assemblies can see of one, as lines: one per type with its kind, one per member with everything that its callers
/// depend on. Enum members and constants come with their values, parameters with their names.
/// </summary>
internal sealed class PublicApi
{
    private readonly MetadataReader _metadata;

    private PublicApi(MetadataReader metadata) => _metadata = metadata;

    /// <summary>Lines by full name of the type.</summary>
    public static IReadOnlyDictionary<string, IReadOnlySet<string>> Read(Stream assembly)
    {
        using var image = new PEReader(assembly);
        var api = new PublicApi(image.GetMetadataReader());
        return api._metadata.TypeDefinitions
            .Select(api._metadata.GetTypeDefinition)
            .Where(type => (type.Attributes & TypeAttributes.VisibilityMask) == TypeAttributes.Public)
            .ToDictionary(api.NameOf, type => (IReadOnlySet<string>)api.Describe(type).ToHashSet(StringComparer.Ordinal), StringComparer.Ordinal);
    }

    private static bool IsVisible(MethodAttributes attributes) =>
        (attributes & MethodAttributes.MemberAccessMask) is MethodAttributes.Public or MethodAttributes.Family or MethodAttributes.FamORAssem;

    private static bool IsVisible(FieldAttributes attributes) =>
        (attributes & FieldAttributes.FieldAccessMask) is FieldAttributes.Public or FieldAttributes.Family or FieldAttributes.FamORAssem;

    private IEnumerable<string> Describe(TypeDefinition type)
    {
        yield return KindOf(type);
        foreach (var method in type.GetMethods().Select(_metadata.GetMethodDefinition).Where(method => IsVisible(method.Attributes)))
        {
            var signature = method.DecodeSignature(TypeNames.Instance, genericContext: null);
            var names = method.GetParameters().Select(_metadata.GetParameter).Where(parameter => parameter.SequenceNumber > 0)
                .ToDictionary(parameter => parameter.SequenceNumber - 1, parameter => _metadata.GetString(parameter.Name));
            var parameters = signature.ParameterTypes.Select((parameter, index) => $"{parameter} {names.GetValueOrDefault(index, "?")}");
            yield return $"{(signature.Header.IsInstance ? "" : "static ")}{signature.ReturnType} {_metadata.GetString(method.Name)}"
                + $"{(signature.GenericParameterCount == 0 ? "" : $"`{signature.GenericParameterCount}")}({string.Join(", ", parameters)})";
        }

        foreach (var field in type.GetFields().Select(_metadata.GetFieldDefinition).Where(field => IsVisible(field.Attributes)))
        {
            var value = field.GetDefaultValue() is { IsNil: false } constant ? $" = {Text(_metadata.GetConstant(constant))}" : "";
            yield return $"{field.DecodeSignature(TypeNames.Instance, genericContext: null)} {_metadata.GetString(field.Name)}{value}";
        }
    }

    private string KindOf(TypeDefinition type)
    {
        var @base = type.BaseType.IsNil ? "" : TypeNames.Instance.NameOf(_metadata, type.BaseType);
        return type.Attributes.HasFlag(TypeAttributes.Interface) ? "interface"
            : @base == "System.Enum" ? "enum"
            : @base == "System.ValueType" ? "struct"
            : !type.Attributes.HasFlag(TypeAttributes.Sealed) ? "class"
            : !type.Attributes.HasFlag(TypeAttributes.Abstract) ? "sealed class"
            : "static class";
    }

    private string Text(Constant constant) => $"{_metadata.GetBlobReader(constant.Value).ReadConstant(constant.TypeCode)}";

    private string NameOf(TypeDefinition type) => $"{_metadata.GetString(type.Namespace)}.{_metadata.GetString(type.Name)}";

    private sealed class TypeNames : ISignatureTypeProvider<string, object?>
    {
        public static TypeNames Instance { get; } = new();

        public string NameOf(MetadataReader reader, EntityHandle handle) => handle.Kind switch
        {
            HandleKind.TypeDefinition => GetTypeFromDefinition(reader, (TypeDefinitionHandle)handle, 0),
            HandleKind.TypeReference => GetTypeFromReference(reader, (TypeReferenceHandle)handle, 0),
            _ => GetTypeFromSpecification(reader, genericContext: null, (TypeSpecificationHandle)handle, 0),
        };

        public string GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind)
        {
            var type = reader.GetTypeDefinition(handle);
            return Full(reader.GetString(type.Namespace), reader.GetString(type.Name));
        }

        public string GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind)
        {
            var type = reader.GetTypeReference(handle);
            return Full(reader.GetString(type.Namespace), reader.GetString(type.Name));
        }

        public string GetTypeFromSpecification(
            MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
            reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);

        public string GetPrimitiveType(PrimitiveTypeCode typeCode) => $"{typeCode}";

        public string GetGenericInstantiation(string genericType, ImmutableArray<string> typeArguments) =>
            $"{genericType}<{string.Join(", ", typeArguments)}>";

        public string GetGenericMethodParameter(object? genericContext, int index) => $"!!{index}";

        public string GetGenericTypeParameter(object? genericContext, int index) => $"!{index}";

        public string GetArrayType(string elementType, ArrayShape shape) => $"{elementType}[{shape.Rank}]";

        public string GetSZArrayType(string elementType) => $"{elementType}[]";

        public string GetByReferenceType(string elementType) => $"{elementType}&";

        public string GetPointerType(string elementType) => $"{elementType}*";

        public string GetPinnedType(string elementType) => elementType;

        public string GetFunctionPointerType(MethodSignature<string> signature) => "function pointer";

        public string GetModifiedType(string modifier, string unmodifiedType, bool isRequired) => $"{unmodifiedType} {modifier}";

        private static string Full(string @namespace, string name) => @namespace.Length == 0 ? name : $"{@namespace}.{name}";
    }
}
